"""Sets of ids, packed: a million of them are sixteen rows of a few kilobytes, on every database."""

import zlib
from array import array
from collections import defaultdict
from collections.abc import Iterable

BLOCK = 65_536  # ids that one packed bitmap tells of


def packed(ids: Iterable[int]) -> dict[int, bytes]:
    """{block: bits} of a set of ids: in the bitmap of a block a bit for each id in it, then compressed."""
    bitmaps: dict[int, bytearray] = defaultdict(lambda: bytearray(BLOCK // 8))
    for pk in ids:
        block, place = divmod(pk, BLOCK)
        bitmaps[block][place >> 3] |= 1 << (place & 7)
    return {block: zlib.compress(bitmap, 1) for block, bitmap in sorted(bitmaps.items())}


def block_of(pk: int) -> int:
    return pk // BLOCK


def holds(bits: bytes, pk: int) -> bool:
    """Whether the bits of its block have the id."""
    place = pk % BLOCK
    return bool(zlib.decompress(bits)[place >> 3] & 1 << (place & 7))


def rolled(ids: array) -> bytes:
    """Ids in their order, eight bytes each, compressed; `unrolled` is the way back."""
    return zlib.compress(ids.tobytes())


def unrolled(kept: bytes | memoryview) -> array:
    return array("q", zlib.decompress(bytes(kept)) if kept else b"")
