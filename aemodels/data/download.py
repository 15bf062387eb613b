"""Downloads one file of known SHA-256 over HTTP: whole or not at all, with the reason if not.

    download.fetch("http://…/train-labels-idx1-ubyte.gz", sha256, Path("data/fashion-mnist"))

Pooch fetches into a temporary file of the folder, compares the hash, then renames.
"""

import tempfile
from collections.abc import Callable
from pathlib import Path

TIMEOUT_SECONDS = 30
CHUNK_BYTES = 1 << 16

# Called with a file's name, the bytes received so far and in all (0 if unknown).
Watcher = Callable[[str, int, int], object]


class DownloadError(Exception):
    """A download failed; the message is the reason, in a few words."""


def fetch(url: str, sha256: str, folder: Path, watch: Watcher | None = None) -> Path:
    """Download `url` into `folder`, which is created if necessary; returns the file's path.

    A file that is there already is kept if its SHA-256 matches, and replaced otherwise.
    Raises DownloadError, which leaves the folder unchanged.
    """
    # Both take a while to import, and only a first use of a data set needs them.
    import pooch
    from requests import exceptions

    name = url.rpartition("/")[2]
    # It would print an absolute path at every download.
    pooch.get_logger().setLevel("WARNING")
    downloader = pooch.HTTPDownloader(
        progressbar=_Bar(name, watch) if watch else False,
        chunk_size=CHUNK_BYTES,
        timeout=TIMEOUT_SECONDS,
        # Else a server that compresses what it sends would have it unpacked here.
        headers={"Accept-Encoding": "identity"},
    )
    try:
        path = Path(
            pooch.retrieve(url, f"sha256:{sha256}", fname=name, path=folder, downloader=downloader)
        )
        # Temporary files are for their owner alone, but data sets are for everybody.
        path.chmod(0o644)
    except exceptions.HTTPError as error:
        answer = error.response
        assert answer is not None
        answer.close()
        raise DownloadError(f"the server answered {answer.status_code}") from None
    except exceptions.Timeout:
        raise DownloadError(f"no answer in {TIMEOUT_SECONDS} s") from None
    except exceptions.ConnectionError as error:
        # Requests gives a time-out between two packets this name too.
        reason = "the connection stalled" if "timed out" in str(error) else "no connection"
        raise DownloadError(reason) from None
    except exceptions.RequestException:
        raise DownloadError("the transfer was interrupted") from None
    except ValueError:
        raise DownloadError("the wrong file arrived: its SHA-256 differs") from None
    except OSError as error:
        raise DownloadError(f"it can't be written, {error.strerror or error}") from None
    return path


def writable(folder: Path) -> bool:
    """Whether a file can be written to `folder`, which is created if need be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # Trying beats reading permissions: root, read-only disks.
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


class _Bar:
    """The progress bar that pooch asks for; pooch counts the last chunk as a full one."""

    def __init__(self, name: str, watch: Watcher) -> None:
        self.name = name
        self.watch = watch
        self.total = 0
        self.done = 0

    def update(self, bytes_more: int) -> None:
        done = min(self.done + bytes_more, self.total or self.done + bytes_more)
        if done > self.done:
            self.done = done
            self.watch(self.name, done, self.total)

    def reset(self) -> None:
        """Pooch resets at the end, when the total has been reported already."""

    def close(self) -> None:
        """Nothing to close."""
