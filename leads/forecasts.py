"""How many requests will have come by a day: methods tried on the past, one of them chosen, its error told with it.

Chosen: simple exponential smoothing, which missed least on the demonstration (`docs/managers.md` has the table). Holt
and Winters' seasonal method needs two years (Hyndman and Athanasopoulos, "Forecasting: Principles and Practice", 3rd
edition, chapter 8.3), which a campaign has seldom seen.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

LAST = 8  # weeks that must be known
HORIZON = 8  # weeks that the back-test looks ahead
SEASON = 52
SMOOTHING = 0.3
Method = Callable[[Sequence[int], int], list[float]]


@dataclass(frozen=True, slots=True)
class Forecast:
    """`total` by the closing day; between `low` and `high` if the past's mean error holds. `error`: hundredths by which
    the sum of the next `HORIZON` weeks was missed on average, over `tries` moments of the past; None of a short past.
    """

    total: int
    low: int
    high: int
    error: float | None
    tries: int


def mean_of_last(past: Sequence[int], weeks: int) -> list[float]:
    recent = past[-LAST:]
    return [sum(recent) / len(recent)] * weeks


def last_week(past: Sequence[int], weeks: int) -> list[float]:
    """The naive method."""
    return [float(past[-1])] * weeks


def year_before(past: Sequence[int], weeks: int) -> list[float]:
    """The seasonal naive method; where no year is known, the mean of the last weeks."""
    if len(past) < SEASON:
        return mean_of_last(past, weeks)
    return [float(past[len(past) - SEASON + n % SEASON]) for n in range(weeks)]


def smoothed(past: Sequence[int], weeks: int) -> list[float]:
    """Simple exponential smoothing."""
    level = float(past[0])
    for count in past[1:]:
        level += SMOOTHING * (count - level)
    return [level] * weeks


METHODS: dict[str, Method] = {
    "mean of the last 8 weeks": mean_of_last,
    "last week": last_week,
    "the same weeks a year before": year_before,
    "exponential smoothing": smoothed,
}


def forecast(past: Sequence[int], *, days: int, base: int, at_least: int) -> Forecast | None:
    """What will have come `days` days after the last of the `past` weeks, `base` having come in all until then.

    `at_least` is what is there already. None of fewer than `LAST` whole weeks, or of a day that is over.
    """
    if len(past) < LAST or days <= 0:
        return None
    expected = smoothed(past, 1)[0] * days / 7
    error, tries = back_test(past, smoothed)
    off = expected * (error or 0) / 100
    low, middle, high = (max(round(base + part), at_least) for part in (expected - off, expected, expected + off))
    return Forecast(middle, low, high, error, tries)


def back_test(past: Sequence[int], method: Method) -> tuple[float | None, int]:
    """(hundredths by which a method missed the sum of the next `HORIZON` weeks on average, moments tried).

    Tried at each past week with `LAST` weeks before it and `HORIZON` after; misses are summed over what came.
    """
    moments = range(LAST, len(past) - HORIZON + 1)
    came = [sum(past[at : at + HORIZON]) for at in moments]
    told = [sum(method(past[:at], HORIZON)) for at in moments]
    missed = sum(abs(a - b) for a, b in zip(came, told, strict=True))
    return (100 * missed / sum(came) if sum(came) else None), len(came)
