"""The settings of the tests: the project's own, in an environment that holds nothing of this machine but a database."""

import atexit
import os
import re
import shutil
import tempfile
import zlib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NAMES = set(re.findall(r'(?:env\.\w+|kept_secret)\(\s*"([A-Z_]+)"', (ROOT / "recruitment/settings.py").read_text()))
for name in NAMES - {"DATABASE_URL"}:
    os.environ.pop(name, None)
os.environ["VAR_DIR"] = tempfile.mkdtemp(prefix="recruitment-tests-")
atexit.register(shutil.rmtree, os.environ["VAR_DIR"], ignore_errors=True)

from recruitment.settings import *  # noqa: E402, F403
from recruitment.settings import DATABASES, STATIC_ROOT, STORAGES, VAR_DIR  # noqa: E402

# A file, since threads of one test must see each other; a name of this tree's own, since trees share a PostgreSQL.
# What a test itself writes waits for no disk: no test cuts the power. The servers that it starts do wait.
options = DATABASES["default"]["OPTIONS"]
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": VAR_DIR / "test.sqlite3"}
    options["init_command"] = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")
else:
    DATABASES["default"]["TEST"] = {"NAME": f"test_recruitment_{zlib.crc32(str(ROOT).encode()):08x}"}
    options["options"] += " -c synchronous_commit=off"
STATIC_ROOT.mkdir()  # WhiteNoise warns where nothing was collected

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
CELERY_TASK_EAGER_PROPAGATES = True
VISITS_WRITTEN_EVERY = 0
