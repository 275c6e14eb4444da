from datetime import UTC, date, datetime

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from recruitment.days import day_in_words
from recruitment.templatetags import look

NOON = datetime(2026, 11, 19, 11, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "letters"), [("Inès Morvan", "IM"), ("Jean-Paul de la Tour", "JT"), ("Yara", "Y"), ("", "")]
)
def test_a_face_shows_first_and_last_initials(name, letters):
    assert look.initials(name) == letters


def test_one_name_always_has_the_same_colour():
    assert look.face("Inès Morvan") == look.face("Inès Morvan")


def test_an_iso_string_is_a_time_like_any_other():
    with translation.override("en"):
        assert look.clock("2026-11-19T11:05:00Z") == "12:05"
    assert look.iso(NOON) == "2026-11-19T11:00:00Z"


@pytest.mark.parametrize(
    ("opens", "french", "english"),
    [
        (datetime(2026, 11, 19, 22, 59, tzinfo=UTC), "Aujourd’hui,", "Today,"),
        (datetime(2026, 11, 19, 23, 1, tzinfo=UTC), "Demain,", "Tomorrow,"),  # past midnight in Paris
        (datetime(2026, 11, 20, 23, 1, tzinfo=UTC), "", ""),
    ],
)
def test_a_day_that_is_near_is_called_so_by_the_sites_time_zone(opens, french, english):
    for language, said in (("fr", french), ("en", english)):
        with translation.override(language):
            assert look.soon(opens, NOON) == said


def test_what_is_no_time_is_refused():
    with pytest.raises(ValueError, match="not a time"):
        look.clock("soon")


@pytest.mark.parametrize(
    ("path", "mark"), [("/rooms/", ' aria-current="page"'), ("/rooms/x/", ' aria-current="true"'), ("/", "")]
)
def test_the_navigation_marks_where_the_reader_is(path, mark):
    page = Template('{% load look %}{% here "/rooms/" %}')
    assert page.render(Context({"request": RequestFactory().get(path)})) == mark


@pytest.mark.parametrize(
    ("language", "day", "said"),
    [
        ("fr", date(2026, 12, 1), "mardi 1er décembre"),
        ("fr", date(2026, 12, 21), "lundi 21 décembre"),
        ("en", date(2026, 12, 1), "Tuesday 1 December"),
    ],
)
def test_the_first_of_a_month_is_said_as_its_language_says_it(language, day, said):
    shown = Template("{{ day|date:'l j F' }}, {{ day|date:'j' }}")
    with translation.override(language):
        assert day_in_words(day, "l j F") == said
        assert shown.render(Context({"day": day})) == f"{said}, {day.day}"
