"""Zips from elsewhere: what is wanted comes out as it went in, and everything else is refused."""

import io
import stat
import struct
import tracemalloc
import warnings
import zipfile

import numpy as np
import pytest

from aemodels.bundles import zips

Files = dict[str, bytes]


def packed(files: Files, method: int = zipfile.ZIP_DEFLATED, kind: int = stat.S_IFREG) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name)
            entry.external_attr = (kind | 0o644) << 16
            entry.compress_type = method
            archive.writestr(entry, content)
    return stream.getvalue()


def found(content: bytes, most_bytes: int = 10**6, most_files: int = 100) -> dict[str, bytes]:
    return {
        "|".join(parts): content
        for parts, content in zips.checked_zip(
            content,
            most_bytes=most_bytes,
            most_files=most_files,
            wanted=lambda parts: parts[-1] != "no",
        )
    }


def test_what_is_wanted_comes_out_as_it_went_in() -> None:
    noise = np.random.default_rng(0).bytes(300_000)
    files = {"a": b"", "b/c": noise, "b/no": b"x", "d\\e\\f": b"y", "../g": b"z", "empty/": b""}
    assert found(packed(files)) == {"a": b"", "b|c": noise, "d|e|f": b"y", "..|g": b"z"}


def test_what_file_managers_add_is_left_out() -> None:
    clutter = ("__MACOSX/._a", "._a", "b/.DS_Store", "Thumbs.db", "b\\desktop.ini", ".git/config")
    assert found(packed({"a": b"1", **dict.fromkeys(clutter, b"x")})) == {"a": b"1"}


def flagged(content: bytes, bit: int) -> bytes:
    """With this bit among the flags of each entry, in both of its headers."""
    changed = bytearray(content)
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = changed.find(mark)
        while start >= 0:
            changed[start + place] |= bit
            start = changed.find(mark, start + 4)
    return bytes(changed)


GOOD = packed({"a": b"1" * 1000, "b": b"2" * 1000})


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is not a zip file, or it is damaged"),
        (b"PK\3\4" + bytes(100), "is not a zip file, or it is damaged"),
        (GOOD[:-30], "is not a zip file, or it is damaged"),
        (GOOD.replace(b"PK\3\4", b"PK\3\5"), "is not a zip file, or it is damaged"),
        (flagged(GOOD, 1), "is encrypted"),
        (flagged(GOOD, 0x20), "is not a zip file, or it is damaged"),
        (flagged(GOOD, 0x40), "is not a zip file, or it is damaged"),
        (packed({"a": b""}, zipfile.ZIP_LZMA), "uses an unusual compression"),
        (packed({"a": b"/etc/passwd"}, kind=stat.S_IFLNK), "holds a link or a device: 'a'"),
        (packed({str(k): b"" for k in range(101)}), "holds more than 100 files"),
        (
            packed({"a": bytes(600_000), "b": bytes(600_000)}),
            "unpacks to more than 1,000,000 bytes",
        ),
    ],
)
def test_refusals(content: bytes, says: str) -> None:
    with pytest.raises(zips.ZipError) as caught:
        found(content)
    assert str(caught.value) == says


def test_sizes_that_a_zip_claims_are_not_believed() -> None:
    content = packed({"a": bytes(50_000_000)})
    lying = content.replace(struct.pack("<I", 50_000_000), struct.pack("<I", 100))
    assert lying != content
    for one in (content, lying):
        tracemalloc.start()
        try:
            with pytest.raises(zips.ZipError):
                found(one)
            assert tracemalloc.get_traced_memory()[1] < 10_000_000
        finally:
            tracemalloc.stop()


def test_exactly_as_many_bytes_as_there_is_room_for() -> None:
    files = {"a": bytes(400_000), "b": bytes(600_000)}
    assert found(packed(files)) == files
    with pytest.raises(zips.TooLargeError):
        found(packed(files), most_bytes=999_999)


def test_random_damage_is_refused_or_harmless() -> None:
    generator = np.random.default_rng(0)
    good = packed({"a": generator.bytes(200), "b/c": bytes(3000)})
    said = []
    for _ in range(400):
        bad = np.frombuffer(good, np.uint8).copy()
        bad[generator.integers(0, len(bad), 3)] = generator.integers(0, 256, 3)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                found(bad.tobytes())
        except zips.ZipError as error:
            said.append(str(error))
    assert len(said) > 100
    assert not any("\n" in each for each in said)


def test_what_the_caller_refuses_is_passed_on() -> None:
    def refuse(parts: zips.Parts) -> bool:
        raise ValueError(parts[-1])

    with pytest.raises(ValueError, match=r"^a$"):
        list(zips.checked_zip(GOOD, most_bytes=10**6, most_files=10, wanted=refuse))
