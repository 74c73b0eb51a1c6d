"""
Every setting, in order. Nothing else reads the environment.

One deployment differs from another by environment variables only; docs/configuration.md lists them.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _
from psycopg.conninfo import conninfo_to_dict

from hub import env
from hub.api.description import DESCRIPTION
from hub.clock import SCHEDULE

BASE_DIR = Path(__file__).resolve().parent.parent
DATA = Path(env.text("DATA", str(BASE_DIR / "var"))).resolve()

# --- Security -----------------------------------------------------------------------------------

DEBUG = env.flag("DEBUG", default=False)
SECRET_KEY = env.secret("SECRET_KEY", "insecure-key-for-commands-and-tests-only" if DEBUG else "")
SECRET_KEY_FALLBACKS = env.secret("SECRET_KEY_FALLBACKS").split()  # older ones, to read by
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
PUBLIC_URL = env.text("PUBLIC_URL").rstrip("/")  # Where others reach the hub; "" means: as asked.
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if PUBLIC_URL else []
BEHIND_TLS = PUBLIC_URL.startswith("https://")

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_TLS else None
SECURE_SSL_REDIRECT = BEHIND_TLS
SECURE_HSTS_SECONDS = 31_536_000 if BEHIND_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = BEHIND_TLS
SECURE_HSTS_PRELOAD = BEHIND_TLS
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = BEHIND_TLS
CSRF_COOKIE_SECURE = BEHIND_TLS
X_FRAME_OPTIONS = "DENY"

# The browser sends parts straight to the object store, and shows nothing from elsewhere.
S3_ORIGIN = env.text("S3_PUBLIC_ENDPOINT", env.text("S3_ENDPOINT")).rstrip("/")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", *([S3_ORIGIN] if S3_ORIGIN else [])],
        "media-src": [SELF],
        "connect-src": [SELF, *([S3_ORIGIN] if S3_ORIGIN else [])],
        "font-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# --- Applications -------------------------------------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "registry",
    "workers",  # for its command, inspect: it has no models
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",  # so early: refusals bear it, too
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "hub.pages.compressing.Pages",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "hub.pages.errors.Refusals",
]

ROOT_URLCONF = "hub.urls"
CSRF_FAILURE_VIEW = "hub.pages.errors.csrf_failed"
WSGI_APPLICATION = "hub.wsgi.application"
APPEND_SLASH = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "registry.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "browse"
LOGOUT_REDIRECT_URL = "browse"

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
                "hub.pages.context.shared",
            ],
            "builtins": ["hub.pages.templatetags.pages"],
        },
    }
]

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
LOCALE_PATHS = [BASE_DIR / "hub" / "locale"]
USE_TZ = True
TIME_ZONE = env.text("TIME_ZONE", "UTC")
FORMAT_MODULE_PATH = "hub.formats"
SITE_TITLE = _("Loradex")

STATIC_URL = "static/"
STATIC_ROOT = DATA / "static"
STATICFILES_DIRS = [
    BASE_DIR / "hub" / "static",
    ("samples", BASE_DIR / "bases" / "samples"),  # what bases hear and look at, on the pages too
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},  # Blobs go elsewhere.
    "staticfiles": {"BACKEND": "hub.pages.statics.StaticFiles"},
}

# --- Stores -------------------------------------------------------------------------------------

_DATABASE = conninfo_to_dict(env.secret("DATABASE_URL", "postgresql:///loradex"))
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": _DATABASE.pop("dbname", "loradex"),
        "USER": _DATABASE.pop("user", ""),
        "PASSWORD": _DATABASE.pop("password", ""),
        "HOST": _DATABASE.pop("host", ""),
        "PORT": str(_DATABASE.pop("port", "")),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 10, **_DATABASE},
    }
}

STORE = env.text("STORE", "s3" if env.text("S3_BUCKET") else "disk")  # where blobs are: disk or s3
BLOBS_AT = DATA / "blobs"
S3 = {
    "endpoint": env.text("S3_ENDPOINT"),  # as workers and web reach it
    "public_endpoint": env.text("S3_PUBLIC_ENDPOINT", env.text("S3_ENDPOINT")),  # as browsers do
    "bucket": env.text("S3_BUCKET"),
    "region": env.text("S3_REGION", "us-east-1"),
    "access_key": env.secret("S3_ACCESS_KEY"),
    "secret_key": env.secret("S3_SECRET_KEY"),
    "checksums": env.text("S3_CHECKSUMS", "when_required"),  # or when_supported; many servers choke
}
PART_SIZE = env.number("PART_SIZE", 16 * 2**20)  # bytes of one uploaded part
MAX_UPLOAD = env.number("MAX_UPLOAD", 10 * 2**30)  # bytes of one file
COMMIT_BYTES = env.number("COMMIT_BYTES", 2**30)  # of one commit by the Hub's client, in base64
UPLOAD_EXPIRY = timedelta(hours=env.number("UPLOAD_EXPIRY_HOURS", 48))  # of one left half done
DRAFT_DAYS = env.number("DRAFT_DAYS", 30)  # that a draft nobody touches is kept
ORPHAN_GRACE = timedelta(hours=env.number("ORPHAN_GRACE_HOURS", 24))  # before unused blobs go
DOWNLOADS = env.text("DOWNLOADS", "redirect" if STORE == "s3" else "serve")  # serve accel redirect
ACCEL_PREFIX = env.text("ACCEL_PREFIX", "/protected/")  # the nginx location of BLOBS_AT
DATA_UPLOAD_MAX_MEMORY_SIZE = 16 * 2**20  # forms and JSON; parts are streamed past this
FILE_UPLOAD_HANDLERS = [
    "hub.bodies.RoomForFiles",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# --- Workers ------------------------------------------------------------------------------------

BASES_AT = Path(env.text("BASES_AT", str(BASE_DIR))).resolve()  # base weights of relative paths
HUB_CACHE = Path(  # where huggingface_hub keeps what was fetched: hf:// weights
    env.text("HF_HUB_CACHE", str(Path(env.text("HF_HOME", "~/.cache/huggingface")) / "hub"))
).expanduser()
CLIP = env.text(
    "CLIP", ""
)  # folder, hf:// or s3:// of a CLIP; pictures are held against words by it
VGG = env.text("VGG", "")  # file of VGG16's weights; pictures are compared by its features too
SCRATCH = DATA / "scratch"  # a worker's local copies of what it works on
LEASE = timedelta(seconds=env.number("LEASE_SECONDS", 30))  # a silent worker loses its run after
RUN_ATTEMPTS = env.number("RUN_ATTEMPTS", 3)
WAIT_LIMIT = timedelta(minutes=env.number("WAIT_LIMIT_MINUTES", 30))  # because others suit better
TRIAL_SECONDS = env.number("TRIAL_SECONDS", 900)  # one call of the engine may take at most
CONVERT_SECONDS = env.number("CONVERT_SECONDS", 900)  # to write a version in another layout
MANIFEST_SECONDS = env.number("MANIFEST_SECONDS", 120)  # to lay out a team's own base
SWEEP_MOST_CELLS = env.number("SWEEP_MOST_CELLS", 80)  # of one grid; its first round is whole
SWEEP_SEEDS = env.number(
    "SWEEP_SEEDS", 1
)  # further ones of a scene that names none; at few weights
ASK_CELLS = env.number("ASK_CELLS_PER_HOUR", 400)  # that a person may have rendered by hand
ASK_LIVING = env.number("ASK_LIVING", 3)  # requests of one person in the queue
ASK_DAYS = env.number("ASK_DAYS", 30)  # that cells asked for are kept which no gallery shows
COMPLAINTS_PER_DAY = env.number("COMPLAINTS_PER_DAY", 20)  # that a person may make
PICTURES_PER_DAY = env.number("PICTURES_PER_DAY", 60)  # that a person may hang in galleries
COMMENTS_PER_MINUTE = env.number("COMMENTS_PER_MINUTE", 6)  # that a person may write
PREPARE_LIVING = env.number("PREPARE_LIVING", 4)  # forms of versions that one person waits for
PREPARE_BYTES = env.number("PREPARE_BYTES_PER_DAY", 50 * 2**30)  # of originals, a person
PREPARED_DAYS = env.number("PREPARED_DAYS", 30)  # that a form is kept which nobody asks for
PREPARED_BYTES = env.number("PREPARED_BYTES", 200 * 2**30)  # kept of all forms, about
STEPS_GRIDS = env.flag("STEPS_GRIDS", default=True)  # of every version with training checkpoints
COMPILED = env.flag("COMPILED", default=False)  # bases draw by torch.compile: docs/workers.md
DEVICES = env.words("DEVICES")  # cpu, cuda:0 …; empty means: what the machine has

IMPORT_FOLDERS = env.words("IMPORT_FOLDERS")  # of this server, that members may import from
IMPORT_HOSTS = env.words("IMPORT_HOSTS")  # of the web, likewise: civitai.com, *.civitai.com …
IMPORT_PRIVATE_HOSTS = env.words("IMPORT_PRIVATE_HOSTS")  # … that may lie in a private network
IMPORT_TOKENS = env.secret("IMPORT_TOKENS")  # host=token, for hosts that want to know who asks

CELERY_BROKER_URL = env.secret("REDIS_URL", "redis://localhost:6379/0")
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # The database holds the lease; the broker is a hint, and its own timeout must not run a job
    # that is still being worked on a second time.
    "visibility_timeout": 12 * 3600,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_timeout": 30,
    "socket_connect_timeout": 5,
    "socket_keepalive": True,
    "health_check_interval": 25,
    "retry_on_timeout": True,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = False  # the reaper sends again what was lost
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_max": 0.2}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_ROUTES = {  # The module that a task is in says where it runs.
    "workers.intake.*": {"queue": "intake"},
    "workers.gpu.*": {"queue": "gpu"},
    "workers.housekeeping.*": {"queue": "intake"},
    "workers.importing.*": {"queue": "intake"},
}
CELERY_BEAT_SCHEDULE = SCHEDULE

# --- API ----------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "hub.api.people.BearerToken",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["hub.api.people.ReadOrSignedIn"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["hub.api.parsing.PlainJSON"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "hub.api.errors.to_response",
    "NUM_PROXIES": env.number("PROXIES", 0),  # that add to X-Forwarded-For; others could lie
    "DEFAULT_THROTTLE_RATES": {
        "tokens": env.text("RATE_TOKENS", "600/min"),
        "anonymous": env.text("RATE_ANONYMOUS", "120/min"),
        "files": env.text("RATE_FILES", "3000/min"),
        "sign-in": env.text("RATE_SIGN_IN", "10/min"),
    },
}
SPECTACULAR_SETTINGS = DESCRIPTION
HUB_UPSTREAM = env.origin("HUB_UPSTREAM")  # asked for repositories of no team here; "" for none
MEMBERS_FOUND_TEAMS = env.flag("MEMBERS_FOUND_TEAMS", default=False)  # else the operator alone
READ_NEEDS_SIGN_IN = env.flag("READ_NEEDS_SIGN_IN", default=False)  # published ones, to strangers

# --- Mail and logging -----------------------------------------------------------------------------

_MAIL = env.mail_server(
    env.secret("MAIL_URL")
)  # smtp://user:password@host:587; "" writes to a folder
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if _MAIL.host else 'filebased'}.EmailBackend"
EMAIL_FILE_PATH = DATA / "mail"
EMAIL_HOST, EMAIL_PORT = _MAIL.host, _MAIL.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _MAIL.user, _MAIL.password
EMAIL_USE_SSL, EMAIL_USE_TLS = _MAIL.wrapped, _MAIL.upgraded
EMAIL_TIMEOUT = 10  # seconds: whoever asked for the mail waits
DEFAULT_FROM_EMAIL = env.text("MAIL_FROM", "loradex@localhost")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.text("LOG_LEVEL", "INFO")},
}
