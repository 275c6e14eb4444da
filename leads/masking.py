"""The weekly figures for the public."""

from typing import Any

from recruitment.masking import masked


def masked_weekly(data: dict[str, Any]) -> dict[str, Any]:
    """The weekly JSON for the public: the sum over all weeks stays, every cell below it is masked."""
    totals = masked({week["week"]: week["total"] for week in data["weeks"]})
    return data | {"weeks": [_masked_week(week, totals[week["week"]]) for week in data["weeks"]]}


def _masked_week(week: dict[str, Any], total: int | None) -> dict[str, Any]:
    cells = {"information": week["information"], "registration_file": week["registration_file"]}
    rows = {row["key"]: row["total"] for row in week.get("rows", [])}
    hidden = total is None  # then nothing that adds up to it is shown either
    shown = dict.fromkeys(cells, None) if hidden else masked(cells)
    shown_rows = dict.fromkeys(rows, None) if hidden else masked(rows)
    told = week | {"total": total} | shown
    if "rows" in week:
        told["rows"] = [row | {"total": shown_rows[row["key"]]} for row in week["rows"]]
    return told
