"""JPEG files that have their pixels gone through again and again."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from aemodels.pictures import PicturesError, decoding, jpeg
from aemodels.pictures.budget import Budget
from aemodels.pictures.decoding import decode


def progressive() -> bytes:
    """A grey one with ten scans or so."""
    picture = np.random.default_rng(0).integers(0, 256, (64, 64), np.uint8)
    stream = io.BytesIO()
    Image.fromarray(picture).save(stream, "JPEG", progressive=True)
    return stream.getvalue()


def last_scan(content: bytes) -> bytes:
    """Its last scan, marker, header and bits."""
    return content[content.rindex(b"\xff\xda") : -2]


def with_scans(count: int) -> bytes:
    """The same, with its last scan so many times more."""
    content = progressive()
    return content[:-2] + last_scan(content) * count + content[-2:]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a.jpg"


def test_one_with_many_scans_is_refused_before_one_is_decoded(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path.write_bytes(with_scans(jpeg.MOST_SCANS))
    monkeypatch.setattr(Image, "open", lambda *_, **__: pytest.fail("opened"))
    for read in (lambda: decode(path, Budget()), lambda: decoding.size_in_header(path)):
        with pytest.raises(PicturesError) as caught:
            read()
        assert str(caught.value) == (
            "a.jpg: has more than 100 scans, as no camera's JPEG has; save it again as a PNG or "
            "JPEG"
        )


def test_many_scans_are_found_behind_what_a_decoder_leaves_out(path: Path) -> None:
    """Fill bytes before a marker, and bytes that belong to no segment."""
    content = progressive()
    scans = (b"\xff" * 9 + last_scan(content) + b"\xff\0" + b"xx") * jpeg.MOST_SCANS
    path.write_bytes(content[:-2] + scans + content[-2:])
    with pytest.raises(PicturesError, match="has more than 100 scans"):
        decode(path, Budget())


def test_usual_ones_are_read(path: Path) -> None:
    """Markers in a preview or in a video after the picture are none of it."""
    content = progressive()
    many = b"\xff\xda\0\x02" * 1000
    comment = b"\xff\xfe" + (2 + len(many)).to_bytes(2) + many
    expected = decode_of(path, content)
    for other in (content[:2] + comment + content[2:], content + many):
        assert np.array_equal(decode_of(path, other), expected)
    assert not jpeg.has_too_many_scans(with_scans(jpeg.MOST_SCANS - 20))
    assert not jpeg.has_too_many_scans(b"")


def decode_of(path: Path, content: bytes) -> np.ndarray:
    path.write_bytes(content)
    return decode(path, Budget())[0]
