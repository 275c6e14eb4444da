"""Counts that name nobody: no cell under five, and none that its neighbours give away."""

from collections.abc import Mapping

SMALLEST_SHOWN = 5


def masked(cells: Mapping[str, int]) -> dict[str, int | None]:
    """The cells of one breakdown with None for 1 to 4; a lone masked cell takes the next smallest with it.

    Otherwise the total, which is shown, less the shown cells would tell the hidden one.
    """
    hidden = {key for key, count in cells.items() if 0 < count < SMALLEST_SHOWN}
    if len(hidden) == 1:
        others = [key for key, count in cells.items() if key not in hidden and count > 0]
        hidden |= {min(others, key=lambda key: cells[key])} if others else set()
    return {key: None if key in hidden else count for key, count in cells.items()}
