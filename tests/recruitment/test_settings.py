import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from recruitment.environment import Environment
from recruitment.settings import origins_of
from tests.settings import NAMES, ROOT

SECURE = {
    "SECRET_KEY": "k3y-of-a-test-and-of-nothing-else-0123456789abcdef",
    "SUPPRESSION_KEY": "another-k3y-of-a-test-and-nothing-else-0123456789",
    "SITE_URL": "https://recrutement.example.fr",
    "ALLOWED_HOSTS": "recrutement.example.fr",
    "STAFF_SECOND_FACTOR": "optional",
    "EMAIL_URL": "smtp+tls://user:password@mail.example.fr:587",
}
INSECURE = [
    ({"SECRET_KEY": ""}, "SECRET_KEY is not set"),
    ({"SECRET_KEY": "short"}, "SECRET_KEY can be guessed"),
    ({"SECRET_KEY": "a" * 60}, "SECRET_KEY can be guessed"),
    ({"SUPPRESSION_KEY": SECURE["SECRET_KEY"]}, "SUPPRESSION_KEY is the same as SECRET_KEY"),
    ({"SITE_URL": ""}, "SITE_URL is not set"),
    ({"SITE_URL": "http://recrutement.example.fr"}, "SITE_URL is http"),
    ({"SITE_URL": "recrutement.example.fr"}, "SITE_URL is no origin"),
    ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS is not set"),
    ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS lets any name pass"),
    ({"ALLOWED_HOSTS": ".example.fr"}, "ALLOWED_HOSTS lets any name pass"),
    ({"DEBUG": "1"}, "DEBUG is on"),
    ({"WEB_WORKERS": "2"}, "WEB_WORKERS is above 1"),
    ({"TRUSTED_PROXIES": "0.0.0.0/0"}, "TRUSTED_PROXIES trusts everybody"),
    ({"METRICS_TOKEN": "secret"}, "METRICS_TOKEN can be guessed"),
    ({"STAFF_SECOND_FACTOR": "no"}, "STAFF_SECOND_FACTOR is neither"),
]


def run_python(*arguments: str, var_dir: Path, **environment: str) -> subprocess.CompletedProcess:
    """Python in a process of its own, in an environment that holds these settings alone; an empty one is left out."""
    kept = {name: value for name, value in os.environ.items() if name not in NAMES}
    given = {name: value for name, value in environment.items() if value}
    env = kept | {"VAR_DIR": str(var_dir), "DJANGO_SETTINGS_MODULE": "recruitment.settings"} | given
    return subprocess.run([sys.executable, *arguments], cwd=ROOT, env=env, capture_output=True, text=True, check=False)


def check_deploy(var_dir: Path, **environment: str) -> subprocess.CompletedProcess:
    return run_python("manage.py", "check", "--deploy", var_dir=var_dir, **environment)


def test_every_name_read_from_the_environment_is_in_the_table():
    documented = set(re.findall(r"^\| `([A-Z_]+)`", (ROOT / "docs/settings.md").read_text(), re.MULTILINE))
    assert documented >= NAMES


@pytest.mark.slow
def test_a_secure_deployment_passes_in_silence(tmp_path):
    result = check_deploy(tmp_path, **SECURE)
    assert result.returncode == 0
    assert "no issues" in result.stdout and result.stderr == ""


@pytest.mark.slow
@pytest.mark.parametrize(("change", "message"), INSECURE)
def test_an_insecure_setting_is_refused_by_name(tmp_path, change, message):
    result = check_deploy(tmp_path, **SECURE | change)
    assert result.returncode == 1
    assert message in result.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"PORT": "abc"}, "PORT is “abc”, where a number is wanted."),
        ({"PORT": "99999"}, "CommandError: PORT is none: 1 to 65535."),
        ({"CLOSE_SPREAD": "x"}, "CLOSE_SPREAD is “x”, where a number is wanted."),
        ({"DATABASE_URL": "bla"}, "DATABASE_URL is no address of a database"),
        ({"WEB_WORKERS": "2"}, "CommandError: WEB_WORKERS is above 1 without DATABASE_URL and REDIS_URL."),
    ],
)
def test_the_demonstration_says_what_it_cannot_start_with(tmp_path, change, message):
    result = run_python("manage.py", "demo", var_dir=tmp_path, **change)
    assert result.returncode == 1
    assert message in result.stderr and "Traceback" not in result.stderr
    assert not (tmp_path / "db.sqlite3").exists()


def test_an_empty_value_counts_as_not_set_and_a_dollar_is_one(monkeypatch):
    env = Environment()
    for name, value in {"PORT": "", "HOSTS": "", "KEY": "$ecret", "SPREAD": "1.5", "BOTH": "a,b"}.items():
        monkeypatch.setitem(env.ENVIRON, name, value)
    assert (env.int("PORT", 8000), env.list("HOSTS", default=["a"]), env.str("KEY", "")) == (8000, ["a"], "$ecret")
    assert (env.float("SPREAD", 3.0), env.list("BOTH", default=[]), env.bool("MISSING", True)) == (
        1.5,
        ["a", "b"],
        True,
    )


@pytest.mark.slow
def test_http_on_a_loopback_address_passes(tmp_path):
    loopback = SECURE | {"SITE_URL": "http://127.0.0.1:8000", "ALLOWED_HOSTS": "127.0.0.1", "STAFF_SECOND_FACTOR": ""}
    assert check_deploy(tmp_path, **loopback).returncode == 0


@pytest.mark.slow
def test_what_is_only_a_substitute_is_a_warning(tmp_path):
    result = check_deploy(tmp_path, **SECURE | {"SUPPRESSION_KEY": "", "EMAIL_URL": ""})
    assert result.returncode == 0
    assert "SUPPRESSION_KEY was made here" in result.stderr and "EMAIL_URL is not set" in result.stderr


@pytest.mark.slow
def test_an_empty_database_is_migrated_without_a_word(tmp_path):
    result = run_python("-W", "error", "manage.py", "migrate", "--verbosity", "0", var_dir=tmp_path)
    assert (result.returncode, result.stderr) == (0, "")


@pytest.mark.slow
def test_a_command_on_an_empty_database_says_what_to_do(tmp_path):
    result = run_python("manage.py", "weekly_report", var_dir=tmp_path)
    assert (result.returncode, result.stderr.count("\n")) == (1, 1)
    assert "manage.py migrate" in result.stderr
    refused = run_python("manage.py", "weekly_report", var_dir=tmp_path, DATABASE_URL="postgres://nobody@127.0.0.1:1/x")
    assert "connection" in refused.stderr
    assert "manage.py migrate" not in refused.stderr


@pytest.mark.slow
def test_a_secret_is_made_once_for_its_owner_alone(tmp_path):
    show = "from recruitment import settings; print(settings.SECRET_KEY, settings.SUPPRESSION_KEY)"
    first, second = (run_python("-c", show, var_dir=tmp_path).stdout for _ in range(2))
    assert first == second
    assert len(set(first.split())) == 2
    assert (tmp_path / "suppression_key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("url", ["http://127.0.0.1:8123", "http://localhost:8123", "http://[::1]:8123"])
def test_a_loopback_site_has_three_origins(url):
    assert origins_of(url) == ["http://localhost:8123", "http://127.0.0.1:8123", "http://[::1]:8123"]


def test_a_loopback_site_on_the_usual_port_has_three_origins_too():
    assert origins_of("http://[::1]") == ["http://localhost", "http://127.0.0.1", "http://[::1]"]


def test_any_other_site_has_one_origin():
    assert origins_of("https://recrutement.example.fr") == ["https://recrutement.example.fr"]
