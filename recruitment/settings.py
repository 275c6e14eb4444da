"""All settings, from the environment alone; `docs/settings.md` lists every name."""

import os
import secrets
from pathlib import Path

import environ
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# --- where and how --------------------------------------------------------------------------------------------------
VAR_DIR = Path(env.str("VAR_DIR", str(BASE_DIR / "var")))
VAR_DIR.mkdir(parents=True, exist_ok=True)
PORT = env.int("PORT", 8000)
DEBUG = env.bool("DEBUG", False)
SITE_URL = env.str("SITE_URL", f"http://127.0.0.1:{PORT}").rstrip("/")
IS_TLS = SITE_URL.startswith("https://")
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")


def kept_secret(name: str) -> str:
    """The environment's value, else one made once and kept in `VAR_DIR`, readable by its owner alone."""
    if given := env.str(name, ""):
        return given
    path = VAR_DIR / name.lower()
    if not path.exists():
        draft = path.with_suffix(f".{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(48))
        try:
            os.link(draft, path)  # whoever comes second keeps the first one's
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text()


SECRET_KEY = kept_secret("SECRET_KEY")
SUPPRESSION_KEY = kept_secret("SUPPRESSION_KEY")


def origins_of(url: str) -> list[str]:
    """The origins that are this site: a loopback address has three spellings."""
    scheme, _, host = url.partition("://")
    name, _, port = host.rpartition(":")
    if name in LOOPBACK and port.isdigit():
        return [f"{scheme}://{spelling}:{port}" for spelling in LOOPBACK]
    return [url]


SITE_ORIGINS = origins_of(SITE_URL)
CSRF_TRUSTED_ORIGINS = SITE_ORIGINS
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=list(LOOPBACK))

# --- what is in it --------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "daphne",  # `runserver` on ASGI; before staticfiles, whose runserver it replaces
    "recruitment",
    "chat",
    "leads",
    "recruitment.site.RecruitmentAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "channels",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "axes",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "recruitment.urls"
ASGI_APPLICATION = "recruitment.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# --- database, cache, channel layer, broker -------------------------------------------------------------------------
DATABASE_URL = env.str("DATABASE_URL", "")
REDIS_URL = env.str("REDIS_URL", "")
if DATABASE_URL:
    DATABASES = {"default": env.db_url_config(DATABASE_URL)}
    DATABASES["default"]["OPTIONS"] = {
        "options": "-c statement_timeout=30s -c lock_timeout=10s -c idle_in_transaction_session_timeout=60s",
    }
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": VAR_DIR / "db.sqlite3",
            "OPTIONS": {
                "timeout": 20,
                "transaction_mode": "IMMEDIATE",  # a deferred read-then-write is refused at once when another writes
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
            },
        }
    }
DATABASES["default"]["CONN_MAX_AGE"] = 0  # under ASGI a kept connection stays with a thread that may not come back
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

if REDIS_URL:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": REDIS_URL,
            "KEY_PREFIX": "recruitment",
            "OPTIONS": {"socket_timeout": 0.5, "socket_connect_timeout": 0.5},
        }
    }
    CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            "CONFIG": {"hosts": [REDIS_URL], "prefix": "recruitment"},
        }
    }
else:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}

# --- languages and time ---------------------------------------------------------------------------------------------
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("French")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = env.str("TIME_ZONE", "Europe/Paris")
USE_TZ = True

# --- files ----------------------------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": VAR_DIR / "private"}},
    "staticfiles": {"BACKEND": "recruitment.storage.ModuleManifestStorage"},
}
WHITENOISE_USE_FINDERS = DEBUG

# --- limits; 0 means none -------------------------------------------------------------------------------------------
ROOM_CONNECTIONS_PER_ADDRESS = env.int("ROOM_CONNECTIONS_PER_ADDRESS", 1000)
ROOM_ASKS_PER_MINUTE = env.int("ROOM_ASKS_PER_MINUTE", 6)
ROOM_ASKS_PER_ADDRESS_PER_MINUTE = env.int("ROOM_ASKS_PER_ADDRESS_PER_MINUTE", 3000)
ROOM_VOTES_PER_MINUTE = env.int("ROOM_VOTES_PER_MINUTE", 60)
REQUESTS_PER_ADDRESS_PER_HOUR = env.int("REQUESTS_PER_ADDRESS_PER_HOUR", 1000)
DATABASE_THREADS = env.int("DATABASE_THREADS", 8)
RESERVED_NICKNAMES = env.list(
    "RESERVED_NICKNAMES",
    default=[
        "administrateur",
        "admin",
        "modérateur",
        "modératrice",
        "modération",
        "moderator",
        "intervenant",
        "intervenante",
        "recruteur",
        "recruteuse",
        "officiel",
    ],
)

# --- people and security --------------------------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
LOGIN_URL = "admin:login"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
METRICS_TOKEN = env.str("METRICS_TOKEN", "")
TRUSTED_PROXIES = env.list("TRUSTED_PROXIES", default=[])
