"""Where the bars of a chart stand, as numbers for small SVG templates: nothing is drawn by a script.

Lengths are texts with a point, since a template would write a number with the reader's comma.
"""

from collections.abc import Sequence
from dataclasses import dataclass

LABELS = 12  # that fit below a chart
FIGURES = 16  # that fit above its bars
HEAD, FOOT, SIDE = 24, 22, 8


@dataclass(frozen=True, slots=True)
class Point:
    """A figure, what it was `before`, the short `label` below it, how it is `said`, and the list that it counts."""

    label: str
    value: int
    before: int
    said: str
    url: str


@dataclass(frozen=True, slots=True)
class Bar:
    point: Point
    x: str
    y: str
    width: str
    height: str
    middle: str
    figure_y: str
    tick: tuple[str, str, str]  # x1, x2, y
    is_last: bool
    shows_label: bool
    shows_figure: bool


@dataclass(frozen=True, slots=True)
class Columns:
    """A chart of upright bars, the last of them picked out; a tick on each says what it was before."""

    width: int
    height: int
    base: str
    label_y: str
    bars: list[Bar]


def columns(points: Sequence[Point], *, width: int, height: int) -> Columns:
    """The bars of `points` in a picture of `width` by `height`; the largest figure, tick or bar, fills it."""
    base = height - FOOT
    largest = max((max(point.value, point.before) for point in points), default=0) or 1
    step = (width - 2 * SIDE) / max(len(points), 1)
    every = -(-len(points) // LABELS)

    def top(value: int) -> float:
        return base - (base - HEAD) * value / largest

    def bar(number: int, point: Point) -> Bar:
        left, wide, y = SIDE + step * (number + 0.2), step * 0.6, top(point.value)
        return Bar(
            point=point,
            x=_text(left),
            y=_text(y),
            width=_text(wide),
            height=_text(base - y),
            middle=_text(left + wide / 2),
            figure_y=_text(min(y, top(point.before)) - 7),
            tick=(_text(left - step * 0.08), _text(left + wide + step * 0.08), _text(top(point.before))),
            is_last=number == len(points) - 1,
            shows_label=(len(points) - 1 - number) % every == 0,
            shows_figure=len(points) <= FIGURES,
        )

    bars = [bar(number, point) for number, point in enumerate(points)]
    return Columns(width, height, _text(base), _text(height - 6), bars)


def _text(length: float) -> str:
    return f"{length:.1f}"


def part(value: int, largest: int) -> str:
    """The length of a bar of at most 100."""
    return _text(100 * value / largest if largest else 0)
