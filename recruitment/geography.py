"""Where in France a postal code is: départements and regions, from `data/france.json` (INSEE’s official codes)."""

import json
import re
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

ABROAD: Literal["abroad"] = "abroad"
_DATA = Path(__file__).resolve().parent.parent / "data" / "france.json"
_POSTAL_CODE = re.compile(r"[0-9]{5}")
_SOUTH_CORSICA = ("200", "201")
_MONACO = "980"


@cache
def _france() -> dict:
    return json.loads(_DATA.read_text(encoding="utf-8"))


@cache
def departments() -> dict[str, str]:
    """Code -> name of every département and collectivity, in the order of their codes."""
    return {d["code"]: d["name"] for d in sorted(_france()["departements"], key=lambda d: d["code"])}


@cache
def regions() -> dict[str, str]:
    """Code -> name of every region and collectivity that is none."""
    return {r["code"]: r["name"] for r in _france()["regions"]}


def in_region(code: str) -> str:
    """Such as "dans le Grand Est", "in Grand Est"."""
    if (get_language() or "").startswith("fr"):
        return _where()[code]
    return _("in %s") % regions()[code]


@cache
def _where() -> dict[str, str]:
    return {r["code"]: r["where"] for r in _france()["regions"]}


@cache
def _regions_by_department() -> dict[str, str]:
    return {d["code"]: d["region"] for d in _france()["departements"]}


@lru_cache(10_000)
def department_of(postal_code: str) -> str | None:
    """The département of a French postal code, `ABROAD` for Monaco, None where it tells nothing.

    Four codes belong to another département than their prefix says; CEDEX codes take the prefix; 00 is the
    armed forces' and lies nowhere.
    """
    if not _POSTAL_CODE.fullmatch(postal_code):
        return None
    exceptions: dict[str, str] = _france()["postal_code_exceptions"]
    if postal_code in exceptions:
        return exceptions[postal_code]
    if postal_code.startswith(_MONACO):
        return ABROAD
    code = _prefix(postal_code)
    return code if code in departments() else None


def _prefix(postal_code: str) -> str:
    if postal_code.startswith("20"):
        return "2A" if postal_code.startswith(_SOUTH_CORSICA) else "2B"
    return postal_code[:3] if postal_code.startswith(("97", "98")) else postal_code[:2]


def region_of(department: str) -> str | None:
    """The region of a département, None where the code is none."""
    return _regions_by_department().get(department)
