"""How many scans a JPEG file has, which is how often its pixels are gone through."""

import re

# A progressive one has ten as a rule; each can take 33 bytes and name every pixel.
MOST_SCANS = 100
START, START_OF_SCAN, END = b"\xff\xd8", 0xDA, 0xD9
# Not what stands for a byte 255 among coded pixels, nor what comes without a segment.
_MARKER = re.compile(rb"\xff([^\x00\x01\xd0-\xd8\xff])")


def has_too_many_scans(content: bytes) -> bool:
    """Whether a JPEG file has more than `MOST_SCANS`; False for any other file.

    Previews inside segments, and what follows the picture, don't count.
    """
    place, scans = len(START), 0
    if not content.startswith(START):
        return False
    while scans <= MOST_SCANS:
        found = _MARKER.search(content, place)
        if found is None or found[1][0] == END:
            return False
        scans += found[1][0] == START_OF_SCAN
        place = found.end()
        # The segment after it begins with its length, two bytes which count themselves.
        place += max(2, int.from_bytes(content[place : place + 2]))
    return True
