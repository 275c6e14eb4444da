"""All settings, from the environment alone; `docs/settings.md` lists every name."""

import os
import secrets
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from recruitment.environment import Environment
from recruitment.private_files import private_storage

BASE_DIR = Path(__file__).resolve().parent.parent
env = Environment()

# --- where and how --------------------------------------------------------------------------------------------------
VAR_DIR = Path(env.str("VAR_DIR", str(BASE_DIR / "var")))
VAR_DIR.mkdir(parents=True, exist_ok=True)
PORT = env.int("PORT", 8000)
BIND = env.str("BIND", "127.0.0.1")
CLOSE_SPREAD = env.float("CLOSE_SPREAD", 3.0)  # seconds over which a stopping process closes its sockets
DEBUG = env.bool("DEBUG", False)
# Those that `make serve` wants from the environment: what stands below is for the demonstration.
GIVEN = {
    name for name in ("SECRET_KEY", "SUPPRESSION_KEY", "SITE_URL", "ALLOWED_HOSTS", "EMAIL_URL") if env.str(name, "")
}
SITE_URL = env.str("SITE_URL", f"http://127.0.0.1:{PORT}").rstrip("/")
IS_TLS = SITE_URL.startswith("https://")
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")


def kept_secret(name: str, length: int = 48) -> str:
    """The environment's value, else one made once and kept in `VAR_DIR`, readable by its owner alone."""
    if given := env.str(name, ""):
        return given
    path = VAR_DIR / name.lower()
    if not path.exists():
        draft = path.with_suffix(f".{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(length))
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
    scheme, host = urlsplit(url).scheme, urlsplit(url).netloc
    name, port = host, ""
    if not host.endswith("]") and ":" in host:
        name, _, port = host.rpartition(":")
    if name not in LOOPBACK:
        return [f"{scheme}://{host}"]
    return [f"{scheme}://{spelling}{':' if port else ''}{port}" for spelling in LOOPBACK]


SITE_ORIGINS = origins_of(SITE_URL)
IS_LOOPBACK = len(SITE_ORIGINS) > 1
CSRF_TRUSTED_ORIGINS = SITE_ORIGINS
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", default=list(LOOPBACK) if IS_LOOPBACK else [urlsplit(SITE_URL).hostname or ""]
)
TRUSTED_PROXIES = env.list("TRUSTED_PROXIES", default=[])
# Believed from these proxies alone: `recruitment.middleware.ForwardedHeaders` takes it from everybody else.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
WEB_WORKERS = env.int("WEB_WORKERS", 1)
SERVE_WORKER = env.bool("SERVE_WORKER", True)
DEMO_TRAFFIC = env.bool("DEMO_TRAFFIC", False)
DEMO_EMPLOYER = env.str("DEMO_EMPLOYER", "") or "police"
EMPLOYERS_DIR = env.str("EMPLOYERS_DIR", "") or str(BASE_DIR / "data" / "employers")

# --- what is in it --------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "daphne",  # `runserver` on ASGI; before staticfiles, whose runserver it replaces
    "recruitment.apps.RecruitmentConfig",
    "chat",
    "leads",
    "recruitment.apps.BackOfficeConfig",
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
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
]
MIDDLEWARE = [
    "recruitment.middleware.SecurityHeaders",  # outermost: refusals of those below carry the headers too
    "csp.middleware.CSPMiddleware",
    "recruitment.middleware.ForwardedHeaders",
    "django.middleware.security.SecurityMiddleware",
    "recruitment.middleware.StaticFiles",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "recruitment.middleware.StaffSessionLimits",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "leads.middleware.Attribution",
    "axes.middleware.AxesMiddleware",
    "recruitment.middleware.WaysBack",
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
                "recruitment.context.organisation",
            ],
            "builtins": ["recruitment.templatetags.days"],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# --- database, cache, channel layer, broker -------------------------------------------------------------------------
DATABASE_URL = env.str("DATABASE_URL", "")
REDIS_URL = env.str("REDIS_URL", "")
DATABASES = {"default": env.db_url_config(DATABASE_URL or f"sqlite:///{VAR_DIR}/db.sqlite3")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",  # a deferred read-then-write is refused at once when another writes
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    }
else:
    DATABASES["default"]["OPTIONS"] = {
        "connect_timeout": 5,
        "options": "-c statement_timeout=30s -c lock_timeout=10s -c idle_in_transaction_session_timeout=60s"
        " -c jit=off",  # short statements all of them: compiling one takes longer than it runs
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

# --- Celery, where there is a broker --------------------------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL or "memory://"
# A page never waits for the broker: publishing is tried once, for a second.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 600,
    "socket_connect_timeout": 1,
    "socket_timeout": 30,  # above the worker's own wait of a second for the next task
    "global_keyprefix": "recruitment:",
}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CONCURRENCY = 4
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_DEFAULT_QUEUE = "recruitment"
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE = {
    # What is due is asked of the database (`recruitment.jobs`): two beats, or one that was away, do no harm.
    "run_due": {"task": "recruitment.run_due", "schedule": 10.0, "options": {"expires": 10}},
}

# --- languages and time ---------------------------------------------------------------------------------------------
LANGUAGE_CODE = "fr"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = IS_TLS
LANGUAGES = [("fr", _("French")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = env.str("TIME_ZONE", "Europe/Paris")
USE_TZ = True

# --- files ----------------------------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": private_storage(env.str("FILES_URL", ""), VAR_DIR / "private"),
    "staticfiles": {"BACKEND": "recruitment.storage.ModuleManifestStorage"},
}
WHITENOISE_USE_FINDERS = DEBUG

# --- limits; 0 means none -------------------------------------------------------------------------------------------
ROOM_CONNECTIONS_PER_ADDRESS = env.int("ROOM_CONNECTIONS_PER_ADDRESS", 1000)
ROOM_ASKS_PER_MINUTE = env.int("ROOM_ASKS_PER_MINUTE", 6)
ROOM_ASKS_PER_ADDRESS_PER_MINUTE = env.int("ROOM_ASKS_PER_ADDRESS_PER_MINUTE", 3000)
ROOM_VOTES_PER_MINUTE = env.int("ROOM_VOTES_PER_MINUTE", 60)
FLOOD_ALIKE = env.int("FLOOD_ALIKE", 8)  # questions that are like each other within FLOOD_WITHIN seconds
FLOOD_OF_ONE = env.int("FLOOD_OF_ONE", 6)  # questions of one participant within FLOOD_WITHIN seconds
FLOOD_WITHIN = env.int("FLOOD_WITHIN", 60)
FLOOD_MINUTES = env.int("FLOOD_MINUTES", 10)
REQUESTS_PER_ADDRESS_PER_HOUR = env.int("REQUESTS_PER_ADDRESS_PER_HOUR", 1000)
ROOM_EARLY_QUESTIONS = env.bool("ROOM_EARLY_QUESTIONS", False)  # visitors may ask before a room opens
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

# --- mail -----------------------------------------------------------------------------------------------------------
if EMAIL_URL := env.str("EMAIL_URL", ""):
    vars().update(env.email_url_config(EMAIL_URL))
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = VAR_DIR / "mail"
EMAIL_TIMEOUT = 10  # Django's own default waits for ever
DEFAULT_FROM_EMAIL = env.str("EMAIL_FROM", f"noreply@{urlsplit(SITE_URL).hostname}")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# --- who is let in --------------------------------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "recruitment.backends.GroupBackend"]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"  # where a login names no other place
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
STAFF_SECOND_FACTOR = env.str("STAFF_SECOND_FACTOR", "required" if IS_TLS else "optional")
METRICS_TOKEN = env.str("METRICS_TOKEN", "")
UPLOAD_SCANNER = env.str("UPLOAD_SCANNER", "")
VISITS_WRITTEN_EVERY = 10  # seconds
MAIL_EVENTS_SECRET = env.str("MAIL_EVENTS_SECRET", "")
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]  # a school or a barracks shares one address
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_CLIENT_IP_CALLABLE = "recruitment.site.login_address"
AXES_LOCKOUT_CALLABLE = "recruitment.site.locked_out"
AXES_ENABLE_ADMIN = False
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False

# --- cookies, transport, headers ------------------------------------------------------------------------------------
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = IS_TLS
STAFF_SESSION_IDLE = timedelta(hours=2)
STAFF_SESSION_LONGEST = timedelta(hours=12)
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = IS_TLS
SECURE_SSL_REDIRECT = IS_TLS
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$"]  # asked from inside, without TLS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if IS_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_TLS
SECURE_REFERRER_POLICY = "strict-origin"  # with `no-referrer` forms send `Origin: null` and are refused
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "microphone",
        "payment",
        "usb",
    )
)
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],  # Bootstrap draws the marks of its fields with data:
        # Safari before 15.4 does not count the site's own sockets among 'self'.
        # A policy cannot name an IPv6 address; browsers that need this one take the other spellings.
        "connect-src": ["'self'", *(origin.replace("http", "ws", 1) for origin in SITE_ORIGINS if "[" not in origin)],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "upgrade-insecure-requests": IS_TLS,
    }
}
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
SILENCED_SYSTEM_CHECKS = [
    "security.W021",  # the preload list takes a whole domain: its owner's decision, not one site's
    # A loopback site has no TLS; `recruitment.checks` refuses http for any other.
    *([] if IS_TLS else ["security.W004", "security.W008", "security.W012", "security.W016"]),
]

# --- logs -----------------------------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "recruitment.logs.RedactingFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "filters": {"refusals": {"()": "recruitment.logs.RefusalFilter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["refusals"]}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "INFO")},
    # Django's own handlers go: one mails errors with the request in it, the other repeats them.
    # channels_redis would write a trace a second while Redis is down; the hub writes a line a minute.
    "loggers": {
        "django": {"handlers": [], "level": "INFO"},
        "axes": {"level": "WARNING"},
        "channels_redis": {"level": "CRITICAL"},
    },
}
