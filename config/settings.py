"""One settings module: what differs between installations comes from the environment.

README.md lists the variables. With ``DEBUG`` off the start stops with one clear line
when ``SECRET_KEY`` or ``ALLOWED_HOSTS`` is missing.
"""

import logging
import sys
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from django.urls import reverse
from environs import Env, EnvError

from config.environment import address_of_a_gateway, begins_with, known_time_zone, within

BASE_DIR = Path(__file__).resolve().parent.parent

env = Env()


def _stop(reason: str) -> None:
    """End the start with one line instead of a traceback."""
    sys.exit(f"countermand: {reason}")


def _database(url: str) -> dict[str, Any]:
    """The default database: SQLite made fit for concurrent requests, or as the URL says."""
    database: dict[str, Any] = dict(env.dj_db_url("DATABASE_URL", url))
    if database["ENGINE"] == "django.db.backends.sqlite3":
        database["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 5,  # as long as acts wait on PostgreSQL
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        }
    else:
        database["CONN_MAX_AGE"] = 60
        database["CONN_HEALTH_CHECKS"] = True
        # They die behind a transaction-mode pooler; long reads go in keyset chunks.
        database["DISABLE_SERVER_SIDE_CURSORS"] = True
    return database


try:
    from config.doors import *  # noqa: F403
    from config.doors import DOOR_APPS

    DEBUG = env.bool("DEBUG", False)
    SECRET_KEY = env.str("SECRET_KEY", "insecure-and-only-for-debug-" + "x" * 32 if DEBUG else "")
    ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"] if DEBUG else [])
    CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])
    TRUST_PROXY = env.bool("TRUST_PROXY", False)
    TIME_ZONE = env.str("TIME_ZONE", "UTC", validate=known_time_zone)
    LOG_LEVEL = env.log_level("LOG_LEVEL", logging.INFO)
    DATABASES = {"default": _database(f"sqlite:///{BASE_DIR / 'db.sqlite3'}")}
    REFUND_HOLD_SECONDS = env.int("REFUND_HOLD_SECONDS", 300, validate=within(0, 86_400))
    REFUND_MOST_TRIES = env.int("REFUND_MOST_TRIES", 60, validate=within(1, 1000))
    REFUND_CALLS_AT_ONCE = env.int("REFUND_CALLS_AT_ONCE", 8, validate=within(1, 100))
    REFUND_FIRST_WAIT_SECONDS = env.int("REFUND_FIRST_WAIT_SECONDS", 5, validate=within(1, 3600))
    GATEWAY_TIMEOUT_SECONDS = env.int("GATEWAY_TIMEOUT_SECONDS", 20, validate=within(1, 120))
    SANDBOX_GATEWAY = env.bool("SANDBOX_GATEWAY", DEBUG)
    STRIPE_API_KEY = env.str("STRIPE_API_KEY", "", validate=begins_with("sk_", "rk_"))
    STRIPE_WEBHOOK_SECRET = env.str("STRIPE_WEBHOOK_SECRET", "", validate=begins_with("whsec_"))
    STRIPE_API_BASE = env.str("STRIPE_API_BASE", "", validate=address_of_a_gateway).rstrip("/")
    CUSTOMER_NOTICES = env.bool("CUSTOMER_NOTICES", False)
    NOTICE_MOST_TRIES = env.int("NOTICE_MOST_TRIES", 8, validate=within(1, 100))
    DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "")
    EMAIL = env.dj_email_url("EMAIL_URL", "console:")
except (EnvError, ValueError) as error:
    _stop(str(error))

if not SECRET_KEY:
    _stop("SECRET_KEY is not set: give it 50 or more random characters, or DEBUG=1 to try it out.")
if not ALLOWED_HOSTS:
    _stop("ALLOWED_HOSTS is not set; name the hosts to serve, separated by commas.")
if CUSTOMER_NOTICES and not DEFAULT_FROM_EMAIL:
    _stop("DEFAULT_FROM_EMAIL is not set: CUSTOMER_NOTICES need an address they come from.")

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "csp",
    "django_htmx",
    "formtools",
    "lucide",
    *DOOR_APPS,
    "orders",
    "cancellations",
    "console",  # last of ours: it gives groups the rights of all of them
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "console.people.turnstile.TurnMiddleware",
    "config.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "console.people.gate.GateMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "sign_in"

ABSOLUTE_URL_OVERRIDES = {
    "orders.account": lambda account: reverse("console:account_record", args=[account.number]),
    "orders.ordersummary": lambda order: reverse("console:order_record", args=[order.order_number]),
    "cancellations.changeorder": lambda change_order: reverse(
        "console:change_order_record", args=[change_order.pk]
    ),
    "cancellations.refund": lambda refund: reverse("console:refund_record", args=[refund.pk]),
    "cancellations.release": lambda release: reverse("console:release_record", args=[release.pk]),
    "cancellations.processexception": lambda exception: reverse(
        "console:exception_record", args=[exception.pk]
    ),
}

LANGUAGE_CODE = "en-us"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "config.sheets.OneSheetStorage"
    },
}

EMAIL_BACKEND = EMAIL["EMAIL_BACKEND"]
EMAIL_HOST = EMAIL["EMAIL_HOST"]
EMAIL_PORT = EMAIL["EMAIL_PORT"]
EMAIL_HOST_USER = EMAIL["EMAIL_HOST_USER"]
EMAIL_HOST_PASSWORD = EMAIL["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS = EMAIL["EMAIL_USE_TLS"]
EMAIL_USE_SSL = EMAIL["EMAIL_USE_SSL"]
EMAIL_TIMEOUT = 20

# A wizard step may carry 100 rows of four fields, or the ticks of 2,000 lines.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not DEBUG
SECURE_SSL_REDIRECT = not DEBUG
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 0 if DEBUG else 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not DEBUG
if TRUST_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    # Below warnings it writes what it sends, and the words of gateways on the key.
    "loggers": {"stripe": {"level": "WARNING"}, "axes": {"level": "WARNING"}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
}
