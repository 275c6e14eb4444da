"""Where the bars of a chart stand, as numbers for small SVG templates: nothing is drawn by a script.

Lengths are texts with a point, since a template would write a number with the reader's comma.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

LABELS = 12  # that fit below a chart
FIGURES = 16  # that fit above its bars
HEAD, FOOT, SIDE = 24, 22, 8
WIDTHS = {"wide": (560, 170), "narrow": (330, 140)}  # of the picture, and of the labels in it
ROW, ROOM = 28, 70  # a row's height, and what its figure needs behind the longest bar


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


@dataclass(frozen=True, slots=True)
class Curve:
    """How a count went over time: its `line`, the `area` below it, where it was highest, and the hours below."""

    width: int
    height: int
    base: str
    label_y: str
    line: str
    area: str
    peak: tuple[str, str]
    peak_label_x: str
    hours: list[tuple[str, str, datetime]]  # x, text-anchor, moment


def curve(counts: Sequence[int], hours: Sequence[datetime], *, width: int, height: int) -> Curve:
    """The curve of `counts`, evenly spaced, with `hours` evenly spaced below it; the highest fills the picture."""
    base, largest = height - FOOT, max(counts, default=0) or 1
    step = width / max(len(counts) - 1, 1)
    spots = [(step * place, base - (base - HEAD) * count / largest) for place, count in enumerate(counts)]
    line = " ".join(f"{_text(x)},{_text(y)}" for x, y in spots)
    x, y = min(spots, key=lambda spot: spot[1]) if spots else (0, base)
    return Curve(
        width=width,
        height=height,
        base=_text(base),
        label_y=_text(height - 6),
        line=line,
        area=f"0,{_text(base)} {line} {_text(width)},{_text(base)}" if spots else "",
        peak=(_text(x), _text(y)),
        peak_label_x=_text(min(max(x, 40), width - 40)),
        hours=[(_text(at), anchor, hour) for at, anchor, hour in _below(hours, width)],
    )


def _below(hours: Sequence[datetime], width: int) -> Iterator[tuple[float, str, datetime]]:
    last = len(hours) - 1
    for place, hour in enumerate(hours):
        anchor = "start" if place == 0 else "end" if place == last else "middle"
        yield width * place / max(last, 1), anchor, hour


@dataclass(frozen=True, slots=True)
class Row:
    label: str
    value: int
    y: str
    bar_y: str
    width: str
    value_x: str


@dataclass(frozen=True, slots=True)
class Bars:
    """A chart of lying bars, each with its label before it; `line` is where a dashed line is held against them all."""

    width: int
    height: int
    left: str
    rows: list[Row]
    line: str
    line_end: str
    value: int


def bars(rows: Sequence[tuple[str, int]], *, line: int | None, width: int, left: int) -> Bars:
    """(label, value) of each row from above; the largest value, of bar or line, is as wide as the picture allows."""
    largest = max([*(value for _label, value in rows), line or 0], default=0) or 1
    scale = (width - left - ROOM) / largest

    def row(number: int, label: str, value: int) -> Row:
        length, y = value * scale, ROW * number + ROW / 2
        return Row(label, value, _text(y + 4), _text(y - 7), _text(length), _text(left + length + 6))

    drawn = [row(number, label, value) for number, (label, value) in enumerate(rows)]
    where = "" if line is None else _text(left + line * scale)
    return Bars(width, ROW * len(rows) + FOOT, _text(left), drawn, where, _text(ROW * len(rows)), line or 0)
