"""Files with models from elsewhere: read whole, up to a size, and told apart by their content.

Pickles are never read: the sentence that refuses one says how to turn it into safetensors.
"""

import stat
from pathlib import Path

from aemodels.bundles.checks import shown
from aemodels.importing.layers import ForeignError

LARGEST_FILE = 500_000_000
LARGEST_DESCRIPTION = 100_000
LONGEST_NAME = 80
PICKLES = (".pt", ".pth", ".ckpt", ".bin", ".pkl", ".pickle")
# A pickle of protocol 2 to 5, and the zip that torch.save writes around one.
PICKLE_STARTS = (b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05")
ZIP_START, HDF5_START = b"PK\x03\x04", b"\x89HDF\r\n\x1a\n"


def name_of(path: Path) -> str:
    """The file's name, as a sentence can quote it."""
    return shown(path.name, LONGEST_NAME)


def read(path: Path, largest: int = LARGEST_FILE) -> bytes:
    """The content of an ordinary file. Raises ForeignError if it is none, missing or larger."""
    name = name_of(path)
    try:
        # Asked before it is opened, since opening a pipe waits for its writer.
        if not stat.S_ISREG(path.stat().st_mode):
            raise ForeignError(f"{name} is not an ordinary file")
        with path.open("rb") as stream:
            content = stream.read(largest + 1)
    except FileNotFoundError:
        raise ForeignError(f"there is no file {name}") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ForeignError(f"{name} can't be read: {reason}") from None
    if len(content) > largest:
        raise ForeignError(f"{name} is larger than {largest:,} bytes, the most that is read")
    return content


def read_weights(path: Path) -> bytes:
    """The content of a safetensors or an ONNX file.

    Raises ForeignError as `read` does, and if it is a pickle, by its name or by its content.
    """
    check_suffix(path.name)
    content = read(path)
    check_content(path.name, content)
    return content


def check_suffix(filename: str) -> None:
    """Raise ForeignError if a file of this name is a pickle."""
    if filename.lower().endswith(PICKLES):
        raise _pickle(filename)


def check_content(filename: str, content: bytes) -> None:
    """Raise ForeignError if these bytes are a pickle, a zip, or Keras' weights."""
    name = shown(filename, LONGEST_NAME)
    if content.startswith(PICKLE_STARTS):
        raise _pickle(filename)
    if content.startswith(ZIP_START):
        if b"data.pkl" in content[:4096]:
            raise _pickle(filename)
        raise ForeignError(
            f"{name} is a zip file; needed is a safetensors file, or two ONNX files "
            "(the zip of a bundle is loaded on the Train page)"
        )
    if content.startswith(HDF5_START):
        raise ForeignError(
            f"{name} is an HDF5 file, as Keras saves weights; needed is a safetensors file with "
            "weights in PyTorch's layout"
        )


def conversion(name: str) -> str:
    """Python that turns a pickle of that name into safetensors, reading weights only; three lines
    in one.
    """
    stem = name.rpartition(".")[0] or name
    return (
        f"import safetensors.torch, torch; state = torch.load({name!r}, weights_only=True); "
        f"safetensors.torch.save_file(state, {stem + '.safetensors'!r})"
    )


def _pickle(filename: str) -> ForeignError:
    name = shown(filename, LONGEST_NAME)
    return ForeignError(
        f"{name} is a pickle, which can run code when it is read; turn it into safetensors, "
        f"in Python, where only weights are read: {conversion(name)}"
    )
