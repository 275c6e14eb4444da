"""Are the translations whole? Gathers the texts of a copy of the tree, since gathering writes into it."""

import gettext
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LEFT_OUT = shutil.ignore_patterns(".git", ".venv", "var", "node_modules", "static.dist", ".*_cache")


def gathered(copy: Path) -> Path:
    """`copy` filled with the tree, its .po files brought up to the sources."""
    shutil.copytree(ROOT, copy, ignore=LEFT_OUT)
    gather = [sys.executable, "manage.py", "makemessages", "-l", "fr", "-l", "en", "--no-location", "--no-obsolete"]
    subprocess.run(gather, cwd=copy, check=True, capture_output=True, env=os.environ | {"VAR_DIR": str(copy / "var")})
    return copy


def faults_of(po: Path) -> list[str]:
    """Texts of a .po file without a translation, or with one that was only guessed."""
    faults = []
    for kind in ("--untranslated", "--only-fuzzy"):
        listed = subprocess.run(
            ["msgattrib", kind, "--no-obsolete", str(po)], check=True, capture_output=True, text=True
        )
        faults += [
            f"{kind[2:]}: {line}"
            for line in listed.stdout.splitlines()
            if line.startswith("msgid ") and line != 'msgid ""'
        ]
    return faults


def is_compiled(po: Path) -> bool:
    with tempfile.NamedTemporaryFile(suffix=".mo") as fresh:
        subprocess.run(["msgfmt", "--check", "-o", fresh.name, str(po)], check=True)
        mo = po.with_suffix(".mo")
        return mo.exists() and catalogue(Path(fresh.name)) == catalogue(mo)


def catalogue(mo: Path) -> dict:
    with mo.open("rb") as file:
        texts = vars(gettext.GNUTranslations(file))["_catalog"]
    return {key: text for key, text in texts.items() if key}


def main() -> int:
    if not shutil.which("msgattrib"):
        print("Translations not checked: no gettext on the PATH.")
        return 1 if os.environ.get("REQUIRE") == "all" else 0
    faults = []
    with tempfile.TemporaryDirectory() as there:
        # English is the language of the sources: there an empty translation is the text itself.
        for po in gathered(Path(there) / "tree").glob("locale/fr/LC_MESSAGES/*.po"):
            faults += [f"{po.name}: {fault}" for fault in faults_of(po)]
    faults += [
        f"{po.relative_to(ROOT)} is not compiled"
        for po in ROOT.glob("locale/*/LC_MESSAGES/*.po")
        if not is_compiled(po)
    ]
    print("\n".join(faults) or "Translations whole.")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
