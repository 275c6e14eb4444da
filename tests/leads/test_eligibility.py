"""Who may present themselves: the verdicts at the edges of dates, and the page that asks without a trace."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from leads import services
from leads.choices import DiplomaLevel, SessionStatus
from leads.eligibility import Answers, Verdict, evaluate, fits, questions, unrecorded
from leads.eligibility_words import LABELS, REMEDIES, headline, said
from leads.identity import age_on
from leads.lines import Known, line_of
from leads.models import Candidate, Contest, FollowUp, Lead
from leads.texts import day_words
from tests.leads.factories import ContestFactory
from tests.leads.test_pages import filled, page

CONTESTS = {
    c["code"]: c
    for c in json.loads(Path("data/employers/police/contests.json").read_text(encoding="utf-8"))["contests"]
}
RULES = CONTESTS["gardien-externe"]["rules"]
DAY = date(2027, 1, 1)
DAYS = st.dates(date(1940, 1, 1), date(2030, 12, 31))
AMINA = Answers(birth_date=date(2007, 3, 12), diploma=DiplomaLevel.IN_PROGRESS, nationality="yes")


def verdict(kind, answers, rules=RULES, on_date=DAY):
    return next(found.verdict for found in evaluate(answers, rules, on_date) if found.rule["kind"] == kind)


def reason(kind, answers, rules=RULES, on_date=DAY):
    return next(found.reason for found in evaluate(answers, rules, on_date) if found.rule["kind"] == kind)


def born(*day):
    return Answers(birth_date=date(*day))


# --- age ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("birth_date", "expected"),
    [
        ((2010, 1, 1), Verdict.YES),  # 17 that very day
        ((2010, 1, 2), Verdict.NO),
        ((2009, 12, 31), Verdict.YES),
        ((1981, 1, 2), Verdict.YES),  # 45 until the day after
        ((1981, 1, 1), Verdict.NO),  # 46 that very day
    ],
)
def test_an_age_counts_on_the_first_of_january(birth_date, expected):
    assert verdict("age_range", born(*birth_date)) == expected


def test_who_is_born_on_29_february_has_a_birthday_in_other_years_on_the_first_of_march():
    rules = [{"kind": "age_range", "min": 18, "max": None}]
    assert verdict("age_range", born(2008, 2, 29), rules, date(2026, 2, 28)) == Verdict.NO
    assert verdict("age_range", born(2008, 2, 29), rules, date(2026, 3, 1)) == Verdict.YES
    assert verdict("age_range", born(2008, 2, 29), rules, date(2028, 2, 29)) == Verdict.YES


def test_up_to_35_and_under_35_differ_by_a_year():
    up_to = [{"kind": "age_range", "min": 18, "max": 35, "max_inclusive": True}]
    under = [{"kind": "age_range", "min": 18, "max": 35, "max_inclusive": False}]
    assert verdict("age_range", born(1991, 6, 1), up_to) == Verdict.YES
    assert verdict("age_range", born(1991, 6, 1), under) == Verdict.NO


def test_an_age_that_some_cases_allow_is_to_check():
    old = [rule for rule in RULES if rule.get("extends_to")]
    assert verdict("age_range", born(1990, 6, 1), old) == Verdict.CHECK
    assert verdict("age_range", born(1988, 6, 1), old) == Verdict.NO


def test_the_rule_of_the_day_is_the_one_that_began_last():
    at_40 = born(1982, 6, 1)
    assert verdict("age_range", at_40, on_date=date(2022, 11, 25)) == Verdict.NO
    assert verdict("age_range", at_40, on_date=date(2022, 11, 26)) == Verdict.YES


def test_a_repealed_rule_is_told_as_removed_from_the_very_day():
    assert reason("height_min", Answers(), on_date=date(2010, 6, 30)) == "height"
    assert reason("height_min", Answers(), on_date=date(2010, 7, 1)) == "repealed"


def test_the_rules_of_2004_are_not_recorded():
    assert unrecorded(RULES, date(2004, 1, 1)) == {"age_range", "diploma_level"}
    assert unrecorded(RULES, date(2004, 12, 31)) == {"age_range", "diploma_level"}
    assert unrecorded(RULES, date(2005, 1, 1)) == set()


@given(birth_date=DAYS, on_date=st.dates(date(2005, 1, 1), date(2040, 12, 31)))
def test_a_verdict_on_age_agrees_with_the_limits_in_force(birth_date, on_date):
    last, extended = (45, 45) if on_date >= date(2022, 11, 26) else (35, 37)
    age = age_on(birth_date, on_date)
    expected = Verdict.YES if 17 <= age <= last else Verdict.CHECK if last < age <= extended else Verdict.NO
    assert verdict("age_range", Answers(birth_date=birth_date), on_date=on_date) == expected


@given(birth_date=DAYS, on_date=st.dates(date(2022, 11, 26), date(2040, 12, 30)))
def test_a_verdict_changes_on_birthdays_alone(birth_date, on_date):
    after = on_date + timedelta(days=1)
    answers = Answers(birth_date=birth_date)
    if age_on(birth_date, on_date) == age_on(birth_date, after):
        assert verdict("age_range", answers, on_date=on_date) == verdict("age_range", answers, on_date=after)


# --- the other rules ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("diploma", "expected"),
    [
        ("", "diploma_unsaid"),
        (DiplomaLevel.NONE, "diploma_experience"),
        (DiplomaLevel.LEVEL_3, "diploma_experience"),
        (DiplomaLevel.IN_PROGRESS, "diploma_in_time"),
        (DiplomaLevel.LEVEL_4, "diploma_enough"),
        (DiplomaLevel.LEVEL_7, "diploma_enough"),
    ],
)
def test_a_diploma_is_held_against_the_level(diploma, expected):
    assert reason("diploma_level", Answers(diploma=diploma)) == expected


def test_experience_is_shorter_with_the_level_just_below():
    years = {
        d: next(f for f in evaluate(Answers(diploma=d), RULES, DAY) if f.rule["kind"] == "diploma_level").numbers
        for d in (DiplomaLevel.NONE, DiplomaLevel.LEVEL_3)
    }
    assert years == {DiplomaLevel.NONE: {"years": 3}, DiplomaLevel.LEVEL_3: {"years": 2}}


def test_a_diploma_under_the_level_is_a_no_where_nothing_stands_for_it():
    rules = [{"kind": "diploma_level", "min_level": 6}]
    assert verdict("diploma_level", Answers(diploma=DiplomaLevel.LEVEL_4), rules) == Verdict.NO
    assert verdict("diploma_level", Answers(diploma=DiplomaLevel.IN_PROGRESS), rules) == Verdict.NO
    assert verdict("diploma_level", Answers(diploma=DiplomaLevel.LEVEL_6), rules) == Verdict.YES


@pytest.mark.parametrize(("said_", "expected"), [("yes", "yes"), ("pending", "check"), ("no", "no"), ("", "check")])
def test_nationality_is_taken_as_answered(said_, expected):
    assert verdict("nationality", Answers(nationality=said_)) == expected


def test_years_of_service_count_for_their_status_alone():
    rules = CONTESTS["gardien-interne-1"]["rules"]
    assert verdict("prior_service", Answers(service={"public service": 4}), rules) == Verdict.YES
    assert verdict("prior_service", Answers(service={"public service": 0}), rules) == Verdict.NO
    assert verdict("prior_service", Answers(service={"policier adjoint": 9}), rules) == Verdict.CHECK


def test_the_citizenship_day_is_asked_for_until_25():
    rules = CONTESTS["concours-sur-titres"]["rules"]
    assert reason("national_service", born(2002, 1, 1), rules) == "citizenship_past"
    assert reason("national_service", born(2002, 1, 2), rules) == "citizenship_unsaid"
    young = Answers(birth_date=date(2002, 1, 2), citizenship_day="yes")
    assert verdict("national_service", young, rules) == Verdict.YES


def test_what_nobody_confirmed_is_to_check_and_nothing_is_asked():
    rules = CONTESTS["officier"]["rules"]
    assert {found.verdict for found in evaluate(AMINA, rules, DAY)} == {Verdict.CHECK}
    assert questions(rules, DAY) == []
    assert not fits(evaluate(AMINA, rules, DAY))


def test_health_criminal_record_and_family_are_never_asked():
    for contest in CONTESTS.values():
        asked = set(questions(contest.get("rules", []), DAY))
        assert asked <= {"birth_date", "diploma", "nationality", "service", "citizenship_day"}


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("code", [code for code in CONTESTS if "rules" in CONTESTS[code]])
def test_each_no_and_each_to_check_says_what_to_do(code, language):
    with translation.override(language):
        for answers in (
            Answers(),
            AMINA,
            born(1950, 1, 1),
            born(2015, 1, 1),
            Answers(nationality="no", diploma="none"),
        ):
            for finding in evaluate(answers, CONTESTS[code]["rules"], DAY):
                row = said(finding)
                assert row.text and row.title and "%(" not in row.text + row.todo
                assert bool(row.todo) == (finding.verdict in (Verdict.NO, Verdict.CHECK))


def test_the_headline_is_as_good_as_the_worst_verdict():
    assert {str(LABELS[v]) for v in Verdict} and REMEDIES
    with translation.override("en"):
        grown = Answers(birth_date=date(2000, 1, 1), diploma="4", nationality="yes")
        assert headline(evaluate(grown, RULES, DAY)) == "You can present yourself."
        assert "check" in headline(evaluate(AMINA, RULES, DAY))
        assert headline(evaluate(born(2015, 1, 1), RULES, DAY)).startswith("Not for this session")


# --- the page -------------------------------------------------------------------------------------------------------
@pytest.fixture
def contests(db):
    services.load_reference_data()


URL = "/contests/gardien-externe/eligibility/"
BORN = {"birth_day": "12", "birth_month": "3", "birth_year": "2007"}
ALL = {**BORN, "diploma": "4_in_progress", "nationality": "yes"}


@pytest.fixture
def english(client):
    client.cookies["django_language"] = "en"
    return client


def test_the_contest_leads_to_its_questions(client, contests):
    assert URL in page(client.get("/contests/gardien-externe/"))
    assert 'name="birth_year"' in page(client.get(URL))


def test_questions_come_one_at_a_time_and_carry_the_answers_along(english, contests):
    diploma = page(english.post(URL, {**BORN, "at": "birth_date"}))
    assert "Question 2 of 3" in diploma
    assert '<input type="hidden" name="birth_year" value="2007">' in diploma
    assert "12 March 2007" in diploma
    nationality = page(english.post(URL, {**BORN, "at": "diploma", "diploma": "4"}))
    assert "Question 3 of 3" in nationality
    review = page(english.post(URL, {**ALL, "at": "nationality"}))
    assert "Is all of it right?" in review


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"birth_year": "207"}, "four digits"),
        ({"birth_day": "30", "birth_month": "2"}, "does not exist"),
        ({"birth_day": "29", "birth_month": "2", "birth_year": "2007"}, "does not exist"),
        ({"birth_day": ""}, "The day is missing"),
        ({"birth_month": "mars"}, "The month is missing"),
        ({"birth_year": "20x7"}, "The year is missing"),
        ({"birth_year": "2999"}, "cannot be right"),
        ({"birth_year": "0000"}, "does not exist"),
    ],
)
def test_a_faulty_birth_date_says_what_to_mend_and_keeps_what_was_typed(english, contests, typed, words):
    response = english.post(URL, {**BORN, **typed, "at": "birth_date"})
    assert response.status_code == 422
    assert words in page(response)
    assert f'value="{BORN["birth_month"]}"' in page(response) or "birth_month" in typed


def test_a_question_without_an_answer_stays(english, contests):
    response = english.post(URL, {**BORN, "at": "diploma"})
    assert response.status_code == 422
    assert "Choose an answer." in page(response)


def test_one_may_go_back_skip_and_prefer_not_to_answer(english, contests):
    assert 'name="birth_year"' in page(english.post(URL, {"at": "diploma", "to": "birth_date", **BORN}))
    assert "Question 3 of 3" in page(english.post(URL, {"at": "diploma", "to": "nationality"}))
    assert "Is all of it right?" in page(english.post(URL, {**BORN, "at": "nationality", "nationality": ""}))


def test_the_result_has_a_verdict_with_its_source_for_each_rule(client, contests):
    result = page(client.post(URL, {**ALL, "to": "result"}))
    assert "version du 26 novembre 2022" in result
    assert result.count('class="rule yes"') == 2
    assert result.count('class="rule check-it"') == 1
    assert result.count('class="rule note"') == 3


def test_a_result_with_a_check_names_other_contests_that_fit(client, contests):
    result = page(client.post(URL, {**ALL, "diploma": "none", "to": "result"}))
    assert "/contests/policier-adjoint/" in result
    assert "/contests/officier/" not in result  # nothing is known of it
    assert "/contests/gardien-externe-idf/" not in result  # the same conditions
    assert result.index("/contests/policier-adjoint/") < result.index("/contests/gardien-interne-1/")  # one answer more
    whole = page(client.post(URL, {**ALL, "diploma": "4", "to": "result"}))
    assert "/contests/policier-adjoint/" not in whole


def test_a_result_is_never_in_an_address_nor_kept(client, contests):
    for answers in ({**BORN, "at": "birth_date"}, {**ALL, "to": "review"}, {**ALL, "to": "result"}):
        response = client.post(URL, answers)
        assert response["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    assert not Session.objects.exists()
    assert not Lead.objects.exists() and not Candidate.objects.exists()
    assert 'value="2007"' not in page(client.get(URL + "?birth_year=2007"))


def test_the_pages_of_2004_say_that_their_rules_are_not_here(english, contests):
    assert "rules of 2004 are not reproduced" in page(english.get(URL + "?year=2004"))
    assert "not reproduced" not in page(english.get(URL + "?year=2027"))
    assert english.get("/contests/none/eligibility/").status_code == 404


def test_a_contest_without_rules_has_a_result_too(english, db):
    ContestFactory(slug="bare")
    assert english.get("/contests/bare/eligibility/").status_code == 200
    assert "to be confirmed" in page(english.post("/contests/bare/eligibility/", {"to": "result"}))


def test_joined_verdicts_reach_the_recruiter_and_answers_do_not(english, contests):
    assert english.post(URL, {**ALL, "to": "join"})["Location"] == "/contests/gardien-externe/request/"
    assert 'name="eligibility"' in page(english.get("/contests/gardien-externe/request/"))
    english.post("/contests/gardien-externe/request/", filled(eligibility="on"))
    row = FollowUp.objects.get(kind="request")
    assert {v for _kind, _key, v, _reason in row.data["eligibility"]["verdicts"]} == {"yes", "check", "later"}
    assert "2007" not in json.dumps(row.data["eligibility"])
    with translation.override("en"):
        assert "Your diploma to check." in line_of(row, Known()).text
    assert "eligibility" not in english.session


def test_who_unticks_joins_nothing(english, contests):
    english.post(URL, {**ALL, "to": "join"})
    english.post("/contests/gardien-externe/request/", filled())
    assert "eligibility" not in FollowUp.objects.get(kind="request").data


def test_nobody_joins_a_result_of_their_own_making(contests):
    Client().post("/contests/gardien-externe/request/", filled(eligibility="on"))
    assert "eligibility" not in FollowUp.objects.get(kind="request").data


def test_a_closed_session_leads_to_the_request_for_information(client, contests):
    Contest.objects.get(slug="gardien-externe").sessions.update(status=SessionStatus.CLOSED)
    assert client.post(URL, {**ALL, "to": "join"})["Location"] == "/request/"


def test_the_page_of_questions_asks_the_database_little(client, django_assert_num_queries, contests):
    client.get(URL)
    with django_assert_num_queries(3):  # contest, sessions, organisation
        client.get(URL)
    with django_assert_num_queries(5):  # and the other contests
        client.post(URL, {**ALL, "diploma": "none", "to": "result"})


@pytest.mark.parametrize(("language", "words"), [("fr", "1er juillet 2010"), ("en", "1 July 2010")])
def test_the_first_of_a_month_is_said_once_as_each_language_says_it(language, words):
    with translation.override(language):
        assert day_words(date(2010, 7, 1)) == words
