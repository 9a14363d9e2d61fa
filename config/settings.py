"""One settings module: what differs between installations comes from the environment.

README.md lists the variables. With ``DEBUG`` off the start stops with one clear line
when ``SECRET_KEY`` or ``ALLOWED_HOSTS`` is missing.
"""

import logging
import sys
from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _
from environs import Env, EnvError

from config.addresses import ABSOLUTE_URL_OVERRIDES  # noqa: F401 -- a setting too
from config.database import read_database, read_patience, read_replica
from config.environment import (
    address_of_a_gateway,
    amounts_by_currency,
    begins_with,
    days_or_for_ever,
    is_weak,
    known_time_zone,
    long_enough,
    one_of,
    within,
)
from config.errors import tell_sentry
from config.observed import (  # noqa: F401 -- settings too
    DJANGO_STRUCTLOG_STATUS_2XX_LOG_LEVEL,
    DJANGO_STRUCTLOG_STATUS_4XX_LOG_LEVEL,
    DJANGO_STRUCTLOG_STATUS_5XX_LOG_LEVEL,
    DJANGO_STRUCTLOG_STATUS_DEFAULT_LOG_LEVEL,
    DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL,
    logging_settings,
)

BASE_DIR = Path(__file__).resolve().parent.parent

env = Env()


def _stop(reason: str) -> None:
    """End the start with one line instead of a traceback."""
    sys.exit(f"countermand: {reason}")


try:
    from config.doors import *  # noqa: F403
    from config.doors import DOOR_APPS

    DEBUG = env.bool("DEBUG", False)
    SECRET_KEY = env.str("SECRET_KEY", "insecure-and-only-for-debug-" + "x" * 32 if DEBUG else "")
    SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", [])
    ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"] if DEBUG else [])
    CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])
    TRUST_PROXY = env.bool("TRUST_PROXY", False)
    TIME_ZONE = env.str("TIME_ZONE", "UTC", validate=known_time_zone)
    LOG_LEVEL = env.log_level("LOG_LEVEL", logging.INFO)
    LOG_FORMAT = env.str(
        "LOG_FORMAT", "lines" if DEBUG else "json", validate=one_of("json", "lines")
    )
    METRICS_TOKEN = env.str("METRICS_TOKEN", "", validate=long_enough(20))
    METRICS_PORT = env.int("METRICS_PORT", 0, validate=within(0, 65_535))
    VERIFY_RESULT_FILE = env.str("VERIFY_RESULT_FILE", "")
    tell_sentry(env.str("SENTRY_DSN", "", validate=address_of_a_gateway))
    DATABASE_PATIENCE = read_patience(env)
    DATABASES = {
        "default": read_database(env, f"sqlite:///{BASE_DIR / 'db.sqlite3'}", DATABASE_PATIENCE)
    }
    DATABASES |= read_replica(env, DATABASES["default"], DATABASE_PATIENCE)
    DATABASE_ROUTERS = ["config.postgresql.routing.KeptOffTheReplica"] * ("replica" in DATABASES)
    REPLICA_LAG_SECONDS = env.int("REPLICA_LAG_SECONDS", 10, validate=within(1, 3600))
    REFUND_HOLD_SECONDS = env.int("REFUND_HOLD_SECONDS", 300, validate=within(0, 86_400))
    REFUND_MOST_TRIES = env.int("REFUND_MOST_TRIES", 60, validate=within(1, 1000))
    REFUND_CALLS_AT_ONCE = env.int("REFUND_CALLS_AT_ONCE", 16, validate=within(1, 100))
    REFUND_FIRST_WAIT_SECONDS = env.int("REFUND_FIRST_WAIT_SECONDS", 5, validate=within(1, 3600))
    APPROVAL_OVER = amounts_by_currency(env.list("APPROVAL_OVER", []))
    GATEWAY_TIMEOUT_SECONDS = env.int("GATEWAY_TIMEOUT_SECONDS", 20, validate=within(1, 120))
    SANDBOX_GATEWAY = env.bool("SANDBOX_GATEWAY", DEBUG)
    STRIPE_API_KEY = env.str("STRIPE_API_KEY", "", validate=begins_with("sk_", "rk_"))
    STRIPE_WEBHOOK_SECRET = env.str("STRIPE_WEBHOOK_SECRET", "", validate=begins_with("whsec_"))
    STRIPE_API_BASE = env.str("STRIPE_API_BASE", "", validate=address_of_a_gateway).rstrip("/")
    CUSTOMER_NOTICES = env.bool("CUSTOMER_NOTICES", False)
    NOTICE_MOST_TRIES = env.int("NOTICE_MOST_TRIES", 8, validate=within(1, 100))
    KEEP_AUDIT_DAYS = env.int("KEEP_AUDIT_DAYS", 0, validate=days_or_for_ever(90))
    KEEP_BODIES_DAYS = env.int("KEEP_BODIES_DAYS", 0, validate=days_or_for_ever(7))
    EVENTS_KEPT_DAYS = env.int("EVENTS_KEPT_DAYS", 400, validate=within(4, 36_500))
    WEBHOOK_HOSTS_ALLOWED: list[str] = env.list("WEBHOOK_HOSTS_ALLOWED", [])
    AUDIT_WHO_OPENS = env.bool("AUDIT_WHO_OPENS", False)
    API_REQUESTS_A_MINUTE = env.int("API_REQUESTS_A_MINUTE", 600, validate=within(1, 1_000_000))
    DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "")
    EMAIL = env.dj_email_url("EMAIL_URL", "console:")
except ModuleNotFoundError as missing:
    _stop(
        f"SENTRY_DSN is set, but {missing.name} is not installed: pip install countermand[sentry]"
    )
except (EnvError, ValueError) as error:
    _stop(str(error))

if not SECRET_KEY:
    _stop("SECRET_KEY is not set: give it 50 or more random characters, or DEBUG=1 to try it out.")
if not DEBUG and any(is_weak(key) for key in (SECRET_KEY, *SECRET_KEY_FALLBACKS)):
    _stop("SECRET_KEY, and each of SECRET_KEY_FALLBACKS, needs 50 or more random characters.")
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
    "django_structlog",
    "django_prometheus",
    "django_htmx",
    "formtools",
    *DOOR_APPS,
    "orders",
    "cancellations",
    "integrations",
    "console",  # last of ours: it gives groups the rights of all of them
]

MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "config.requests.RequestMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Lengths tell nobody a secret (BREACH): tokens are masked anew and lengths vary at random.
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "config.middleware.HealthMiddleware",
    "console.people.turnstile.TurnMiddleware",
    "console.lists.own_changes.OwnChangesMiddleware",
    "config.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "console.audit.acting.ActingMiddleware",
    "config.middleware.LoginRequiredMiddleware",
    "console.people.place.PlaceMiddleware",
    "config.requests.SubjectMiddleware",
    "console.audit.opening.OpeningMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "console.people.gate.GateMiddleware",
    "axes.middleware.AxesMiddleware",
    "config.metrics.AfterMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FORM_RENDERER = "config.widgets.Renderer"

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

LANGUAGE_CODE = "en-us"
LANGUAGES = [(LANGUAGE_CODE, _("English"))]
USE_I18N = True
USE_TZ = True

WHITENOISE_AUTOREFRESH = DEBUG  # else every start of the middleware reads all collected files
WHITENOISE_ALLOW_ALL_ORIGINS = False  # no other site has a use for our files
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
# An order that comes through the API may be as long as a line of a file.
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024

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
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 0 if DEBUG else 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not DEBUG
if TRUST_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

LOGGING = logging_settings(LOG_LEVEL, as_json=LOG_FORMAT == "json")
PROMETHEUS_EXPORT_MIGRATIONS = False
