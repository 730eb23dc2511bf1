"""Django's settings; everything a site may change is read from the environment (docs/operations.md)."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from jiangheng.rules.days.local_time import LIUZHOU
from jiangheng.site import keys

ROOT = Path(__file__).resolve().parent.parent.parent
VAR = Path(os.environ.get("JIANGHENG_VAR", ROOT / "var"))
TESTING = "pytest" in sys.modules
SECRETS = keys.for_tests() if TESTING else keys.read(VAR)

DEBUG = os.environ.get("JIANGHENG_DEBUG") == "1"
SECRET_KEY = SECRETS.get("JIANGHENG_SECRET_KEY", "")
SEAL_KEYS = SECRETS.get("JIANGHENG_SEAL_KEYS", "")
INDEX_KEY = SECRETS.get("JIANGHENG_INDEX_KEY", "")
SIGNING_KEY = SECRETS.get("JIANGHENG_SIGNING_KEY", "")
DEMONSTRATION = os.environ.get("JIANGHENG_DEMONSTRATION") == "1"
PUBLIC_URL = os.environ.get("JIANGHENG_PUBLIC_URL", "http://127.0.0.1:8000")
ALLOWED_HOSTS = os.environ.get("JIANGHENG_HOSTS", "127.0.0.1,localhost,[::1],testserver").split(",")

INSTALLED_APPS = [
    "jiangheng.site.apps.Room",
    "jiangheng.calendar.apps.Room",
    "jiangheng.oversight.apps.Room",
    "jiangheng.certificates.apps.Room",
    "jiangheng.results.apps.Room",
    "jiangheng.exam_day.apps.Room",
    "jiangheng.sittings.apps.Room",
    "jiangheng.papers.apps.Room",
    "jiangheng.fees.apps.Room",
    "jiangheng.applications.apps.Room",
    "jiangheng.plans.apps.Room",
    "jiangheng.catalog.apps.Room",
    "jiangheng.people.apps.Room",
    "jiangheng.bodies.apps.Room",
    "jiangheng.files.apps.Room",
    "jiangheng.journal.apps.Room",
    "jiangheng.values.apps.Room",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "axes",
    "csp",
]
# The pages of the API's documentation. A command that shows no page does without the library, a fifth of its start.
if os.environ.get("JIANGHENG_PAGES") != "0":
    INSTALLED_APPS.append("ninja")

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "jiangheng.site.middleware.TextGZip",
    "jiangheng.site.middleware.head_as_get",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "jiangheng.site.middleware.PersonMiddleware",
    "jiangheng.site.middleware.RefusalMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "jiangheng.site.urls"
WSGI_APPLICATION = "jiangheng.site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "jiangheng.site.context.shell",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "jiangheng.site.templatetags.shell"],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["django.template.loaders.filesystem.Loader", "django.template.loaders.app_directories.Loader"],
                ),
            ],
        },
    }
]


KEPT_SECONDS = 60
# How long a deed waits for rows another holds before it is told to try again: longer than any deed takes, shorter
# than a browser waits.
LOCK_SECONDS = int(os.environ.get("JIANGHENG_LOCK_SECONDS", "10"))
CACHE_TABLE, CACHE_ENTRIES = "jiangheng_cache", 10_000


def database(url: str) -> dict[str, Any]:
    """Django's database settings for ``sqlite:///path`` or ``postgresql://user:pass@host:port/name``.

    SQLite opens every transaction IMMEDIATE, in WAL, and waits 20 s for the writer before it: the
    defaults lost most of a race of eight writers (docs/decisions/0002). A thread keeps its connection for
    a minute on both engines: opening SQLite reads the schema of every table, ten times the cost of a query.
    """
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": parts.path[1:],
            "CONN_MAX_AGE": KEPT_SECONDS,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
            },
            "TEST": {"NAME": str(VAR / f"test-{os.environ.get('PYTEST_XDIST_WORKER', 'main')}.sqlite3")},
        }
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host", parts.hostname or ""),
        "PORT": str(parts.port or query.get("port", "")),
        "CONN_MAX_AGE": KEPT_SECONDS,
    }


def cache(url: str) -> dict[str, Any]:
    """Django's cache settings for ``database://table``, ``locmem://``, ``file:///folder`` or ``redis://host:port/n``.

    What the web processes must share stands here: the counters by address. The number of entries is bounded, so
    that a flood of addresses fills no disk; Django's 300 would forget an address after 300 others.
    """
    parts = urlsplit(url)
    bounded = {"OPTIONS": {"MAX_ENTRIES": CACHE_ENTRIES}}
    if parts.scheme == "database":
        return {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": parts.netloc or CACHE_TABLE,
            **bounded,
        }
    if parts.scheme == "locmem":
        return {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", **bounded}
    if parts.scheme == "file":
        return {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": parts.path, **bounded}
    if parts.scheme in ("redis", "rediss", "unix"):
        return {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": url}
    raise ImproperlyConfigured(
        f"JIANGHENG_CACHE_URL：不认识 {parts.scheme}://（可用 database、locmem、file、redis，见 docs/operations.md）"
    )


DATABASES = {"default": database(os.environ.get("JIANGHENG_DATABASE_URL", f"sqlite:///{VAR / 'jiangheng.sqlite3'}"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": cache(os.environ.get("JIANGHENG_CACHE_URL", "locmem://" if TESTING else f"database://{CACHE_TABLE}"))
}

AUTH_USER_MODEL = "people.Account"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = (
    ["django.contrib.auth.hashers.MD5PasswordHasher"] if TESTING else ["jiangheng.people.passwords.Argon2"]
)
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PAYMENT_PROVIDERS = {"sandbox": "jiangheng.fees.actions.sandbox.Sandbox"}
LOGIN_URL = "/people/sign-in/"
LOGIN_REDIRECT_URL = "/home/"
OTP_TOTP_ISSUER = "匠衡"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "jiangheng.people.views.locked_out"
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
USE_I18N = True
# The screens are no Django application: their package is imported by rooms whose models are not loaded yet at start.
LOCALE_PATHS = [ROOT / "jiangheng" / "screens" / "locale"]
USE_TZ = True
TIME_ZONE = LIUZHOU.key

STATIC_URL = "/static/"
STATICFILES_DIRS = [ROOT / "static"]
# Collected with the program, not with its data: names carry a hash of the content, so that a browser never asks twice.
# Tests and a debugging server, and whoever has not collected yet, read the source folders as they are.
STATIC_ROOT = Path(os.environ.get("JIANGHENG_STATIC", ROOT / "var" / "static"))
WHITENOISE_USE_FINDERS = TESTING or DEBUG or not (STATIC_ROOT / "staticfiles.json").exists()
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING
        else "jiangheng.site.collected.Hashed"
    },
}
MEDIA_ROOT = VAR / "files"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_TEMP_DIR = VAR / "incoming"
FILE_UPLOAD_TEMP_DIR.mkdir(parents=True, exist_ok=True)
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PUBLIC_URL.startswith("https://")
SESSION_COOKIE_AGE = 8 * 3600
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = SESSION_COOKIE_SECURE
CSRF_FAILURE_VIEW = "jiangheng.site.views.csrf_refused"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "style-src": [SELF, "'unsafe-inline'"],
        "script-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
EMAIL_BACKEND = os.environ.get("JIANGHENG_MAIL_BACKEND", "django.core.mail.backends.console.EmailBackend")
EMAIL_HOST = os.environ.get("JIANGHENG_MAIL_HOST", "localhost")
DEFAULT_FROM_EMAIL = os.environ.get("JIANGHENG_MAIL_FROM", "jiangheng@localhost")
SMS_SENDER = os.environ.get("JIANGHENG_SMS_SENDER", "jiangheng.journal.delivery.console_sms")
API_RATE = os.environ.get("JIANGHENG_API_RATE", "600/m")
# How many proxies of our own stand in front; their last forwarded address counts as the caller's.
NINJA_NUM_PROXIES = int(os.environ.get("JIANGHENG_PROXIES", "0"))
SILENCED_SYSTEM_CHECKS: list[str] = []
