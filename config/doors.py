"""Who comes in, and how: the settings of sign-in, throttling, sessions and second factors.

``config/settings.py`` takes every constant from here; README.md lists the variables.
"""

from datetime import timedelta

from environs import Env, ValidationError, validate

from config.environment import networks, within
from config.single_sign_on import as_apps, providers

_env = Env()
_DEBUG = _env.bool("DEBUG", False)

DOOR_APPS = [
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "axes",
]

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",  # before any password is hashed
    "console.people.backend.RightsBackend",
]

# Whose word is taken on where a request comes from.
TRUSTED_PROXIES = networks(
    _env.list("TRUSTED_PROXIES", ["127.0.0.1", "::1"] if _env.bool("TRUST_PROXY", False) else [])
)

# Sign-in: by username; nobody signs up, and no address is confirmed.
ACCOUNT_ADAPTER = "console.people.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PRESERVE_USERNAME_CASING = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_UNIQUE_EMAIL = False
ACCOUNT_FORMS = {
    "login": "console.people.forms.SignInForm",
    "change_password": "console.people.forms.ChangePasswordForm",
    "reset_password": "console.people.forms.ResetPasswordForm",
    "reset_password_from_key": "console.people.forms.NewPasswordForm",
    "reauthenticate": "console.people.forms.AgainForm",
}
# Sign-ins are throttled by axes, in the database; these are for the rest, a process each.
ACCOUNT_RATE_LIMITS = {
    "login": None,
    "reauthenticate": None,
    "login_failed": "5/5m/key",
    "change_password": "20/m/user",
    "reset_password": "20/m/ip,5/m/key",
    "reset_password_from_key": "20/m/ip",
}

# How many sign-ins may fail by one name, and from one address, before both wait.
SIGN_IN_TRIES = _env.int("SIGN_IN_TRIES", 10, validate=within(1, 1000))
SIGN_IN_TRIES_OF_ADDRESS = _env.int("SIGN_IN_TRIES_OF_ADDRESS", 50, validate=within(1, 100_000))
SIGN_IN_WAIT_MINUTES = _env.int("SIGN_IN_WAIT_MINUTES", 15, validate=within(1, 1440))
AXES_HANDLER = "console.people.throttle.Throttle"
AXES_USERNAME_CALLABLE = "console.people.throttle.counted_name"
AXES_LOCKOUT_PARAMETERS = ["username", "ip_address"]
AXES_FAILURE_LIMIT = SIGN_IN_TRIES
AXES_COOLOFF_TIME = timedelta(minutes=SIGN_IN_WAIT_MINUTES)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = False
AXES_CLIENT_IP_CALLABLE = "console.people.addresses.throttled_address"
AXES_LOCKOUT_CALLABLE = "console.people.throttle.told_to_wait"
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "csrfmiddlewaretoken", "code", "next"]
AXES_VERBOSE = False

# How many passwords a process hashes at once, and how many sign-ins it has at its door.
HASHES_AT_ONCE = _env.int("HASHES_AT_ONCE", 1, validate=within(1, 64))
SIGN_INS_AT_ONCE = _env.int("SIGN_INS_AT_ONCE", 4, validate=within(1, 1000))
PASSWORD_HASHERS = ["console.people.hashing.InTurn"]

# Sessions: their end comes by quiet, by age, or by hand.
SESSION_ENGINE = "config.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 60 * _env.int("SESSION_IDLE_MINUTES", 30, validate=within(1, 1440))
SESSION_LIFE = timedelta(hours=_env.int("SESSION_LIFE_HOURS", 12, validate=within(1, 168)))
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 60 * _env.int("ASK_AGAIN_MINUTES", 15, validate=within(1, 1440))
PASSWORD_RESET_TIMEOUT = 3600

# Second factors.
SECOND_FACTOR_FOR = _env.str(
    "SECOND_FACTOR_FOR",
    "nobody" if _DEBUG else "staff",
    validate=validate.OneOf(("nobody", "staff", "everyone")),
)
MFA_ADAPTER = "console.people.adapter.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = "Countermand"
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = _DEBUG
MFA_FORMS = {
    "activate_totp": "console.people.forms.AddAppForm",
    "authenticate": "console.people.forms.CodeForm",
    "login_webauthn": "console.people.forms.PasskeyForm",
    "reauthenticate": "console.people.forms.CodeAgainForm",
}

# Single sign-on, by a link: a form would need every host on the provider's way in our policy.
OIDC_PROVIDERS = providers(_env.str("OIDC_PROVIDERS", ""))
LOCAL_PASSWORDS = _env.bool("LOCAL_PASSWORDS", True)
SOCIALACCOUNT_ADAPTER = "console.people.single_sign_on.SingleSignOnAdapter"
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {"APPS": as_apps(OIDC_PROVIDERS), "OAUTH_PKCE_ENABLED": True}
}
SOCIALACCOUNT_LOGIN_ON_GET = True
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_QUERY_EMAIL = False
SOCIALACCOUNT_STORE_TOKENS = False
if not LOCAL_PASSWORDS and not OIDC_PROVIDERS:
    raise ValidationError("LOCAL_PASSWORDS is off, and OIDC_PROVIDERS names no other way in")
