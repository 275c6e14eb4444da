"""Counts that name nobody: no cell under five, and none that its neighbours give away."""

from collections import defaultdict
from collections.abc import Callable, Mapping

SMALLEST_SHOWN = 5
Shown = dict[str, int | None]


def hidden_if_few(count: int) -> int | None:
    return None if 0 < count < SMALLEST_SHOWN else count


def masked(cells: Mapping[str, int]) -> Shown:
    """The cells of one breakdown with None for 1 to 4; a lone masked cell takes the next smallest with it.

    Otherwise the total, which is shown, less the shown cells would tell the hidden one. Of two as small the one whose
    key comes first goes: the same cells in another table hide the same.
    """
    hidden = {key for key, count in cells.items() if hidden_if_few(count) is None}
    if len(hidden) == 1:
        others = [key for key, count in cells.items() if key not in hidden and count > 0]
        hidden |= {min(others, key=lambda key: (cells[key], key))} if others else set()
    return {key: None if key in hidden else count for key, count in cells.items()}


def masked_within(cells: Mapping[str, int], parent_of: Callable[[str], str]) -> Shown:
    """The same of cells whose sums by parent are told in a table of their own, masked as `masked` does it.

    Beside a parent that is shown a lone hidden child takes another one with it; of a hidden parent no child is shown.
    """
    children: dict[str, dict[str, int]] = defaultdict(dict)
    for key, count in cells.items():
        children[parent_of(key)][key] = count
    parents = masked({parent: sum(own.values()) for parent, own in children.items()})
    shown = {key: count for parent, own in children.items() for key, count in _below(parents[parent], own).items()}
    return {key: shown[key] for key in cells}


def _below(parent: int | None, cells: Mapping[str, int]) -> Shown:
    return {key: None if count else 0 for key, count in cells.items()} if parent is None else masked(cells)
