"""The weekly figures for the public: what of them may be told, in mail, on paper and in files alike."""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from leads.choices import ABROAD, NONE, STEPS_OF_FILES, UNKNOWN, LeadKind, Step
from recruitment import geography
from recruitment.masking import Shown, hidden_if_few, masked, masked_within


def masked_rows(by: str, cells: Mapping[str, int], total: int | None) -> Shown:
    """Key -> what may be told of the rows of one week, broken down `by`; of a hidden total no row at all.

    Breakdowns whose rows add up to those of another one are masked with it, or one would tell what the other hides.
    """
    if total is None:
        return dict.fromkeys(cells)
    return masked_within(cells, _PARENTS[by]) if by in _PARENTS else masked(cells)


def _region_of(department: str) -> str:
    return ABROAD if department == ABROAD else geography.region_of(department) or UNKNOWN


def _kind_of(contest: str) -> str:
    return LeadKind.INFORMATION if contest == NONE else LeadKind.REGISTRATION_FILE


_PARENTS: dict[str, Callable[[str], str]] = {"department": _region_of, "contest": _kind_of}


def masked_steps(steps: Iterable[int], whole: int | None) -> list[int | None]:
    """What may be told of steps that lie one within the other, and all within a whole as it is told.

    Neither a step under five, nor one that so few of the last told above it did not come to; of a hidden whole none.
    """
    told: list[int | None] = []
    for count in steps:
        is_told = whole is not None and None not in (hidden_if_few(count), hidden_if_few(whole - count))
        told.append(count if is_told else None)
        whole = count if is_told else whole
    return told


def masked_funnel(steps: Mapping[str, int], total: int | None, files: int | None) -> Shown:
    """The steps of one week beside its requests and those for a file, as they are told.

    Whose way is known is not told: less those of all it is a row of the table by source, which may hide it.
    """
    chain = [step.value for step in STEPS_OF_FILES]
    of_files = masked_steps([steps[step] for step in chain], files)
    [answered] = masked_steps([steps[Step.ANSWERED]], total)
    return {Step.WAY_KNOWN.value: None, Step.ANSWERED.value: answered, **dict(zip(chain, of_files, strict=True))}


def masked_weekly(data: dict[str, Any], by: str = "", *, hidden: Collection[str] = ()) -> dict[str, Any]:
    """The weekly JSON, broken down `by`, for the public: the sum over all weeks stays unless it is small itself.

    Of the weeks named in `hidden` nothing is told, nor then the sum, which would tell the last of them.
    """
    totals = masked({week["week"]: week["total"] for week in data["weeks"]}) | dict.fromkeys(hidden)
    told = {name: value for name, value in data.items() if name != "costs"}  # a cost and a price tell the number
    weeks = [_masked_week(week, totals[week["week"]], by) for week in data["weeks"]]
    return told | {"weeks": weeks, "total": None if hidden else hidden_if_few(data["total"])}


def hidden_weeks(data: dict[str, Any], by: str, key: str) -> set[str]:
    """In which weeks of the weekly JSON, broken down `by`, the row of `key` is masked: filtered by it they are too.

    Or what a table hides, as a companion of another cell even, would be told beside it.
    """
    weeks = masked_weekly(data, by)["weeks"]
    return {week["week"] for week in weeks if {"key": key, "total": None}.items() <= _row(week, key).items()}


def _row(week: dict[str, Any], key: str) -> dict[str, Any]:
    return next((row for row in week["rows"] if row["key"] == key), {})


def _masked_week(week: dict[str, Any], total: int | None, by: str) -> dict[str, Any]:
    cells = masked_rows("kind", {kind: week[kind] for kind in LeadKind.values}, total)
    told = {name: value for name, value in week.items() if name != "cost_cents"} | {"total": total} | cells
    if "frozen" in week:
        told["frozen"] = week["frozen"] | {"total": total if week["frozen"]["total"] == week["total"] else None}
    if "steps" in week:
        steps = masked_funnel(week["steps"], total, cells[LeadKind.REGISTRATION_FILE])
        people, newcomers = masked_steps([week["people"], week["newcomers"]], total)
        told |= {"visits": week["visits"] and hidden_if_few(week["visits"]), "people": people, "newcomers": newcomers}
        median = week["first_answer_seconds"] if steps[Step.ANSWERED] else None  # of a few it tells of somebody
        told |= {"first_answer_seconds": median, "steps": steps}
    if "rows" in week:
        shown = masked_rows(by, {row["key"]: row["total"] for row in week["rows"]}, total)
        told["rows"] = [row | {"total": shown[row["key"]]} for row in week["rows"]]
    return told
