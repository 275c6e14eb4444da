"""How a person is recognised, what a reference is, how a visit began."""

import re
from datetime import date

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from leads.attribution import Touch, Touches, followed_by, read_touches, touch_of
from leads.choices import AgeBand
from leads.identity import (
    age_band,
    age_on,
    name_key,
    normalised_email,
    normalised_phone,
    search_text,
    shown_phone,
    text_digest,
)
from leads.references import ALPHABET, check_character, new_reference, read_reference
from leads.texts import day_words

OWN = {"recrutement.example"}


@pytest.mark.parametrize(("day", "words"), [(1, "1er juillet 2010"), (2, "2 juillet 2010"), (11, "11 juillet 2010")])
def test_the_first_of_a_month_is_said_once_as_french_says_it(day, words):
    with translation.override("fr"):
        assert day_words(date(2010, 7, day)).replace("\u00a0", " ") == words


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" Amina.Courtial@Example.ORG ", "amina.courtial@example.org"),
        ("a.b+jobs@gmail.com", "a.b+jobs@gmail.com"),
        ("ａmina@example.org", "amina@example.org"),
    ],
)
def test_an_email_is_trimmed_and_lower_cased_and_keeps_dots_and_plus(typed, kept):
    assert normalised_email(typed) == kept


@pytest.mark.parametrize(
    "typed", ["06 39 98 12 40", "0639981240", "06.39.98.12.40", "+33 6 39 98 12 40", "0033639981240"]
)
def test_a_phone_is_one_number_in_any_spelling(typed):
    assert normalised_phone(typed) == "+33639981240"


@pytest.mark.parametrize("typed", ["", "12", "bonjour", "06 39", "+", "9" * 40])
def test_what_is_no_phone_is_refused(typed):
    with pytest.raises(ValueError, match=f"^{re.escape(typed)}$"):
        normalised_phone(typed)


def test_a_phone_is_shown_as_its_country_writes_it():
    assert shown_phone("+33639981240") == "06 39 98 12 40"
    assert shown_phone("+3226430000").startswith("+32 ")


def test_names_are_one_without_accents_case_and_hyphens():
    assert name_key("Léa-Marie", "N’Guyen") == name_key("lea marie", "NGUYEN")
    assert name_key("", "") == ""


def test_a_text_is_the_same_but_for_case_accents_and_blanks():
    assert text_digest("Y a-t-il  un âge limite ?") == text_digest("y a-t-il un age limite")
    assert text_digest("l’âge") != text_digest("la taille")


def test_a_search_column_has_a_phone_in_both_spellings():
    assert search_text("Élise Bûche", "", "+33639981240") == " elise buche 33639981240 0639981240"


@pytest.mark.parametrize(
    ("birth", "day", "age"),
    [
        (date(2008, 11, 20), date(2026, 11, 19), 17),
        (date(2008, 11, 19), date(2026, 11, 19), 18),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
    ],
)
def test_age_counts_birthdays(birth, day, age):
    assert age_on(birth, day) == age


def test_age_bands_begin_at_18_25_and_35():
    day = date(2026, 11, 19)
    bands = [age_band(date(2026 - age, 11, 19), day) for age in (17, 18, 24, 25, 34, 35)]
    assert bands == [AgeBand.UNDER_18, *[AgeBand.FROM_18] * 2, *[AgeBand.FROM_25] * 2, AgeBand.FROM_35]
    assert age_band(None, day) == AgeBand.UNKNOWN


def test_a_reference_reads_back_as_it_was_made():
    reference = new_reference("PN")
    assert re.fullmatch(rf"PN-[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}-[{ALPHABET}]", reference)
    assert read_reference(f" {reference.lower()} ") == reference
    assert read_reference(reference.replace("-", "")) == reference


bodies = st.text(ALPHABET, min_size=8, max_size=8).filter(check_character)


@given(body=bodies, place=st.integers(0, 7), sign=st.sampled_from(ALPHABET))
def test_one_wrong_sign_shows(body, place, sign):
    wrong = body[:place] + sign + body[place + 1 :]
    assert wrong == body or check_character(wrong) != check_character(body)


@given(body=bodies, place=st.integers(0, 6))
def test_two_swapped_signs_show(body, place):
    swapped = body[:place] + body[place + 1] + body[place] + body[place + 2 :]
    assert swapped == body or check_character(swapped) != check_character(body)


def test_a_mistyped_reference_is_none():
    reference = new_reference("PN")
    last = ALPHABET[(ALPHABET.index(reference[-1]) + 1) % len(ALPHABET)]
    assert read_reference(reference[:-1] + last) is None
    assert read_reference("amina@example.org") is None


# --- how a visit began ----------------------------------------------------------------------------------------------
def test_a_campaign_link_wins_over_the_referrer():
    query = {"utm_source": "Presse régionale", "utm_medium": "print", "utm_campaign": "Nov 2026"}
    touch = touch_of(query, "https://www.ouest-france.fr/emploi", OWN)
    assert touch == Touch("presse-regionale", "print", "nov-2026", "ouest-france.fr")


def test_a_referrer_is_a_touch_and_ones_own_pages_are_none():
    assert touch_of({}, "https://www.google.com/", OWN) == Touch(referrer="google.com")
    assert touch_of({}, "https://recrutement.example/rooms/", OWN) is None
    assert touch_of({}, "", OWN) == Touch()


def test_the_last_touch_counts_if_not_direct_else_the_first():
    first, last = Touch(source="ami"), Touch(source="affiche")
    assert Touches(first, last).deciding == last
    assert Touches(first, Touch()).deciding == first


def test_the_first_touch_stays_the_first():
    touches = None
    for at, name in enumerate(("ami", "affiche", "moteur")):
        touches = followed_by(touches, Touch(source=name), at=at)
    assert (touches.first.source, touches.last.source) == ("ami", "moteur")


def test_who_comes_directly_soon_after_is_still_in_the_same_visit():
    visit = followed_by(None, Touch(source="ami"), at=0)
    assert followed_by(visit, Touch(), at=60) == visit
    assert followed_by(visit, Touch(), at=7200).last.is_direct


def test_nothing_is_kept_of_a_first_direct_visit():
    assert followed_by(None, Touch(), at=0) is None


@given(st.recursive(st.none() | st.integers() | st.text(), lambda c: st.lists(c) | st.dictionaries(st.text(), c)))
def test_a_cookie_may_hold_anything(data):
    assert read_touches(data) is None or isinstance(read_touches(data), Touches)


@given(query=st.dictionaries(st.sampled_from(["utm_source", "utm_medium"]), st.text()), referrer=st.text())
def test_a_touch_of_anything_fits_its_columns(query, referrer):
    touch = touch_of(query, referrer, OWN)
    assert touch is None or (len(touch.source_key) <= 60 and len(touch.referrer) <= 120)


def test_touches_read_back_as_they_were_written():
    touches = Touches(Touch(source="ami", campaign="x"), Touch(referrer="google.com"), 12)
    assert read_touches(touches.as_data()) == touches
