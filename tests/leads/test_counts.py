"""Weekly counts: every row adds up, whatever is folded, at year ends and on the days the clock changes."""

import io
import json
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from leads import exports, reports, services, weeks
from leads.counts import fold_counts, rebuild_counts
from leads.models import CountDelta, DailyCount, Lead
from tests.factories import RoomFactory
from tests.leads.factories import NOW, ContestSessionFactory, SourceFactory, ask, ask_for_file, came_from

pytestmark = pytest.mark.django_db
W47 = date(2026, 11, 16)
WEEK = timedelta(days=7)


@pytest.fixture
def mixed():
    """Nine leads of three weeks, with something unknown, abroad or without in every dimension."""
    session, room = ContestSessionFactory(), RoomFactory(slug="le-renseignement", title="Le renseignement")
    SourceFactory(key="affiche", label="Affiches")
    ask(postal_code="93100", birth_date=date(2000, 1, 1), room_id=room.pk, touches=came_from("affiche"))
    ask(postal_code="", heard_from="un ami")
    ask(postal_code="75001", is_abroad=True)
    ask(postal_code="00100", now=NOW - WEEK)
    ask(postal_code="20200", now=NOW - WEEK)
    ask_for_file(session, postal_code="93200", room_id=room.pk)
    ask_for_file(session, postal_code="97400", birth_date=date(2010, 1, 1))
    ask_for_file(session, postal_code="69001", now=NOW - 2 * WEEK)
    ask(contest_session=session, now=NOW - 2 * WEEK)


def rows_of(week):
    return {row.key: row.total for row in week.rows}


def test_weeks_without_leads_are_zero_and_all_add_up(mixed):
    report = reports.weekly(W47 - 3 * WEEK, W47)
    assert [week.name for week in report.weeks] == ["2026-W44", "2026-W45", "2026-W46", "2026-W47"]
    assert [week.total for week in report.weeks] == [0, 2, 2, 5]
    assert all(week.information + week.registration_file == week.total for week in report.weeks)
    assert report.total == 9


@pytest.mark.parametrize("by", reports.BY)
def test_rows_add_up_to_the_weeks_total(by, mixed):
    for folded in (False, True):
        if folded:
            fold_counts()
        report = reports.weekly(W47 - 3 * WEEK, W47, by=by)
        assert [sum(row.total for row in week.rows) for week in report.weeks] == [0, 2, 2, 5]


def test_rows_without_a_value_have_keys_of_their_own(mixed):
    def keys(by):
        return rows_of(reports.weekly(W47, W47, by=by).weeks[0])

    assert keys("region") == {"11": 2, "04": 1, "abroad": 1, "unknown": 1}
    assert keys("department") == {"93": 2, "974": 1, "abroad": 1, "unknown": 1}
    assert keys("source") == {"affiche": 1, "declared": 1, "unknown": 3}
    assert keys("room") == {"le-renseignement": 2, "none": 3}
    assert keys("age_band") == {"under_18": 1, "25_34": 1, "unknown": 3}
    assert keys("kind") == {"information": 3, "registration_file": 2}
    assert sum(count for key, count in keys("contest").items() if key != "none") == 2


@pytest.mark.parametrize("by", reports.BY)
def test_each_figure_is_the_length_of_the_list_behind_it(by, mixed):
    week = reports.weekly(W47, W47, by=by).weeks[0]
    leads = Lead.objects.counted().between(week.monday, week.monday + timedelta(days=6))
    for row in week.rows:
        assert leads.with_value(by, row.key).count() == row.total


@pytest.mark.parametrize("by", [None, *reports.BY])
@pytest.mark.parametrize("filters", [{"kind": "information"}, {"region": "11"}, {"region": "unknown", "room": "none"}])
def test_filtered_reports_count_the_same_leads(by, filters, mixed):
    report = reports.weekly(W47 - 2 * WEEK, W47, by=by, filters=filters)
    leads = Lead.objects.counted()
    for name, key in filters.items():
        leads = leads.with_value(name, key)
    assert report.total == leads.count()
    if by:
        assert sum(row.total for week in report.weeks for row in week.rows) == report.total


def test_folding_changes_no_figure_and_empties_the_deltas(mixed):
    before = reports.weekly(W47 - 2 * WEEK, W47, by="region").as_data()
    assert fold_counts(limit=4) == 4
    assert reports.weekly(W47 - 2 * WEEK, W47, by="region").as_data() == before
    assert fold_counts() == 5
    assert not CountDelta.objects.exists()
    assert reports.weekly(W47 - 2 * WEEK, W47, by="region").as_data() == before


def test_rebuilding_gives_the_same_rows(mixed):
    fold_counts()
    columns = ("day", "dimension", "value", "kind", "leads")
    before = set(DailyCount.objects.values_list(*columns))
    rebuild_counts()
    assert set(DailyCount.objects.values_list(*columns)) == before


def test_spam_leaves_the_counts_and_comes_back(admin_user, mixed):
    lead = Lead.objects.filter(day__gte=W47).first()
    for mark, total in ((services.mark_spam, 4), (services.unmark_spam, 5)):
        assert mark(lead_id=lead.pk, actor=admin_user, now=NOW)
        assert not mark(lead_id=lead.pk, actor=admin_user, now=NOW)
        assert reports.weekly(W47, W47).total == total
    fold_counts()
    assert reports.weekly(W47, W47).total == 5


@pytest.mark.parametrize(
    ("at", "week"),
    [
        (datetime(2026, 12, 31, 12, tzinfo=UTC), "2026-W53"),
        (datetime(2027, 1, 3, 22, 59, tzinfo=UTC), "2026-W53"),
        (datetime(2027, 1, 3, 23, 1, tzinfo=UTC), "2027-W01"),
        (datetime(2024, 12, 30, 12, tzinfo=UTC), "2025-W01"),
        (datetime(2021, 1, 1, 12, tzinfo=UTC), "2020-W53"),
        (datetime(2026, 3, 29, 21, 59, tzinfo=UTC), "2026-W13"),  # 23 hours long
        (datetime(2026, 3, 29, 22, 1, tzinfo=UTC), "2026-W14"),
        (datetime(2026, 10, 25, 22, 59, tzinfo=UTC), "2026-W43"),  # 25 hours long
        (datetime(2026, 10, 25, 23, 1, tzinfo=UTC), "2026-W44"),
    ],
)
@pytest.mark.parametrize("is_folded", [False, True])
def test_a_lead_counts_in_its_iso_week_of_the_site(at, week, is_folded):
    ask(now=at)
    if is_folded:
        fold_counts()
    monday = weeks.monday_of(week)
    report = reports.weekly(monday - WEEK, monday + WEEK)
    assert {w.name: w.total for w in report.weeks if w.total} == {week: 1}


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)))
def test_a_weeks_name_leads_back_to_its_monday(day):
    monday = weeks.monday_of(weeks.week_name(day))
    assert monday <= day < monday + WEEK
    assert monday.weekday() == 0


@pytest.mark.parametrize(
    "name", ["", "2026", "2026-W54", "2025-W53", "2026-W00", "26-W10", "2026W10", "2026-W1x", "٢٠٢٦-W10"]
)
def test_what_is_no_week_is_refused(name):
    with pytest.raises(ValueError, match=r".*"):
        weeks.monday_of(name)


def test_the_eight_weeks_end_with_the_current_one_of_the_site():
    monday_in_paris = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    assert weeks.last_weeks(monday_in_paris) == (date(2026, 10, 5), date(2026, 11, 23))


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("by", "queries"), [(None, 2), ("region", 2), ("source", 3), ("room", 3)])
def test_a_report_is_a_fixed_number_of_queries(by, queries, count, django_assert_num_queries):
    for number in range(count):
        ask(touches=came_from(f"source-{number}"), room_id=RoomFactory().pk)
    with django_assert_num_queries(queries):
        reports.weekly(W47 - 7 * WEEK, W47, by=by)


def test_leads_of_rooms_leave_spam_out_and_name_empty_rooms(admin_user):
    full, empty = RoomFactory(), RoomFactory()
    for _ in range(3):
        ask(room_id=full.pk)
    services.mark_spam(lead_id=Lead.objects.first().pk, actor=admin_user, now=NOW)
    assert reports.leads_of_rooms([full.pk, empty.pk]) == {full.pk: 2, empty.pk: 0}


# --- files ----------------------------------------------------------------------------------------------------------
def test_the_json_is_the_contracts(mixed):
    data = reports.weekly(W47, W47, by="kind").as_data()
    assert data == {
        "from": "2026-W47",
        "to": "2026-W47",
        "weeks": [
            {
                "week": "2026-W47",
                "starts": "2026-11-16",
                "total": 5,
                "information": 3,
                "registration_file": 2,
                "rows": [
                    {"key": "information", "label": data["weeks"][0]["rows"][0]["label"], "total": 3},
                    {"key": "registration_file", "label": data["weeks"][0]["rows"][1]["label"], "total": 2},
                ],
            }
        ],
        "total": 5,
    }


def test_the_csv_has_a_bom_semicolons_and_a_last_line_with_the_totals(mixed):
    table = exports.weekly_table(reports.weekly(W47 - WEEK, W47).as_data())
    text = exports.as_csv([*table, exports.totals_of(table)])
    assert text.startswith("\ufeff")
    assert text.removeprefix("\ufeff").splitlines() == [
        "week;total;information;registration_file",
        "2026-W46;2;2;0",
        "2026-W47;5;3;2",
        "total;7;5;2",
    ]


def test_the_xlsx_has_the_weeks_on_its_active_sheet_as_integers(mixed):
    book = load_workbook(io.BytesIO(exports.as_xlsx(exports.weekly_table(reports.weekly(W47 - WEEK, W47).as_data()))))
    values = [list(row) for row in book.active.iter_rows(values_only=True)]
    assert book.sheetnames[0] == book.active.title
    assert values[1:] == [["2026-W46", 2, 2, 0], ["2026-W47", 5, 3, 2]]
    assert all(type(cell) is int for row in values[1:] for cell in row[1:])


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_no_cell_is_a_formula(cell):
    assert exports.as_csv([[cell]]).removeprefix("\ufeff").lstrip('"').startswith("'")
    sheet = load_workbook(io.BytesIO(exports.as_xlsx([["week"], [cell]]))).active
    assert sheet["A2"].data_type != "f"


# --- commands -------------------------------------------------------------------------------------------------------
def said(*args):
    out = io.StringIO()
    call_command(*args, stdout=out)
    return out.getvalue()


def test_the_command_prints_one_week_in_each_format(mixed):
    assert json.loads(said("weekly_report", "--week", "2026-W47", "--format", "json"))["total"] == 5
    assert "2026-W47;5;3;2" in said("weekly_report", "--week", "2026-W47", "--format", "csv")
    assert said("weekly_report", "--week", "2026-W47").splitlines()[1].split() == ["2026-W47", "5", "3", "2"]
    assert len(said("weekly_report").splitlines()) == 10


def test_the_command_refuses_what_is_no_week():
    with pytest.raises(CommandError):
        said("weekly_report", "--week", "last")


def test_rebuild_counts_by_command(mixed):
    fold_counts()
    assert said("rebuild_counts").endswith("rows, 0 of them were wrong\n")
    DailyCount.objects.filter(dimension="region", value="11").update(leads=9)
    told = said("rebuild_counts")
    assert "2026-11-19 region 11 information: +8" in told
    assert "3 of them were wrong" in told
    assert said("rebuild_counts").endswith(" 0 of them were wrong\n")
