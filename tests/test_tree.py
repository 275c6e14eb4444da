"""What must hold of the files themselves."""

import re

import pytest

from tests.settings import ROOT

INLINE = re.compile(r"\son\w+=|\sstyle=|<style|<script(?![^>]*\ssrc=)(?![^>]*type=\"application/json\")", re.IGNORECASE)
PAGES = [path for path in ROOT.glob("templates/**/*.html") if "emails" not in path.parts]


def required() -> set[str]:
    lines = [line for name in ("base", "dev") for line in (ROOT / f"requirements/{name}.in").read_text().splitlines()]
    return {re.split(r"[\[=]", line)[0].strip().lower() for line in lines if line and not line.startswith("-")}


def test_every_dependency_has_its_line():
    told = (ROOT / "docs/dependencies.md").read_text().lower()
    assert {name for name in required() if name not in told} == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_a_page_has_no_script_style_or_handler_inside(page):
    assert not INLINE.search(page.read_text())


def test_every_file_of_others_has_its_version_and_licence():
    for folder in (ROOT / "static/vendor").iterdir():
        names = {path.name.lower().partition(".")[0] for path in folder.iterdir()}
        assert {"license", "version"} <= names, folder.name
