"""Django's settings. What an operator may set comes from the environment (docs/self-hosting.md)."""

import secrets
from pathlib import Path

import django_stubs_ext

from tatap.config import environment as env
from tatap.lib.cipher import KeyRing, new_key
from tatap.meetings.domain.relays import parse as parse_relays

django_stubs_ext.monkeypatch()  # ModelForm[User] and the like, at run time

PACKAGE = Path(__file__).resolve().parents[1]
DATA_DIR = Path(env.text("TATAP_DATA_DIR") or PACKAGE.parent / "var")
DATA_DIR.mkdir(parents=True, exist_ok=True)

DEBUG = env.flag("TATAP_DEBUG")
DEMO = env.flag("TATAP_DEMO")
SECRET_KEY = env.text("TATAP_SECRET_KEY") or env.secret_file(
    DATA_DIR / "secret-key", lambda: secrets.token_urlsafe(48)
)
ENCRYPTION_KEYS = env.text("TATAP_ENCRYPTION_KEYS") or env.secret_file(DATA_DIR / "encryption-key", new_key)
try:
    KeyRing.parse(ENCRYPTION_KEYS)
except ValueError as problem:
    raise env.SettingWrong(
        f"TATAP_ENCRYPTION_KEYS cannot be used: {problem}. It holds base64 keys of 32 bytes, newest first."
    ) from None

ORIGIN = env.text("TATAP_ORIGIN", "http://127.0.0.1:8000").rstrip("/")  # as people type it
ALLOWED_HOSTS = env.names("TATAP_HOSTS") or ["127.0.0.1", "localhost", "[::1]"]
CSRF_TRUSTED_ORIGINS = [ORIGIN]
TRUST_PROXY = env.flag("TATAP_TRUST_PROXY")
TLS_CERT, TLS_KEY = env.text("TATAP_TLS_CERT"), env.text("TATAP_TLS_KEY")
SECURE = ORIGIN.startswith("https://")
if TRUST_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

TURN_SECRETS = env.names("TATAP_TURN_SECRET")  # newest first; an older one counts until the relays know the new one
try:
    TURN_RELAYS = parse_relays(env.text("TATAP_TURN_URLS"))
except ValueError as problem:
    raise env.SettingWrong(
        f"TATAP_TURN_URLS cannot be used: {problem}. Relays are parted by semicolons, the ways to one by commas: "
        "turn:a.example:3478?transport=udp,turns:a.example:443?transport=tcp; turn:b.example:3478?transport=udp"
    ) from None
STUN_PORT = env.number("TATAP_STUN_PORT", 0)  # 0: the web port, on UDP
STUN_URL = env.text("TATAP_STUN_URL")
WORKER_IN_PROCESS = env.flag("TATAP_WORKER_IN_PROCESS", True)

INSTALLED_APPS = [
    "tatap.config.apps.HouseConfig",
    "tatap.journey",
    "tatap.followup",
    "tatap.closing",
    "tatap.closing.casenotes",
    "tatap.callroom",
    "tatap.payments",
    "tatap.preparation",
    "tatap.bookings",
    "tatap.counsellors",
    "tatap.accounts",
    "tatap.notifications",
    "tatap.meetings",
    "tatap.audit",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_htmx",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # a fifth of the bytes on a weak line; lengths padded against BREACH
    "csp.middleware.CSPMiddleware",
    "tatap.config.neutral.NeutralMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "tatap.accounts.middleware.ReaderMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "tatap.config.urls"
WSGI_APPLICATION = "tatap.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "tatap.config.context.site",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "tatap.config.templatetags.times",
                "tatap.config.templatetags.ui",
            ],
        },
    }
]

DATABASES = {"default": env.database(env.text("TATAP_DATABASE_URL"), DATA_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "shared_cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "journey:sessions"
SESSION_COOKIE_NAME = "sesi"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if SECURE else 0
SECURE_SSL_REDIRECT = SECURE
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LANGUAGE_CODE = "id"
LANGUAGES = [("id", "Bahasa Indonesia"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "bahasa"
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATICFILES_DIRS = [PACKAGE / "static"]
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "servestatic.storage.CompressedManifestStaticFilesStorage"
    },
}
UPLOAD_LIMIT = 6 * 1024 * 1024  # bytes; a proof of payment is at most 5 MB
DATA_UPLOAD_MAX_MEMORY_SIZE = UPLOAD_LIMIT
FILE_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024

_socket = ORIGIN.replace("http", "ws", 1)
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'", "'wasm-unsafe-eval'"],  # WebAssembly of our own origin; no eval
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "media-src": ["'self'", "blob:"],
        "connect-src": ["'self'", _socket],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
    }
}

EMAIL_BACKEND = env.text("TATAP_EMAIL_BACKEND") or (
    "django.core.mail.backends.smtp.EmailBackend"
    if env.text("TATAP_SMTP_HOST")
    else "django.core.mail.backends.console.EmailBackend"
)
EMAIL_FILE_PATH = DATA_DIR / "letters"  # for Django's file backend, as in the demo
EMAIL_HOST = env.text("TATAP_SMTP_HOST")
EMAIL_PORT = env.number("TATAP_SMTP_PORT", 587)
EMAIL_HOST_USER = env.text("TATAP_SMTP_USER")
EMAIL_HOST_PASSWORD = env.text("TATAP_SMTP_PASSWORD")
EMAIL_USE_TLS = env.flag("TATAP_SMTP_TLS", True)
EMAIL_TIMEOUT = 15
DEFAULT_FROM_EMAIL = env.text("TATAP_MAIL_FROM", "Tatap <jadwal@localhost>")
NOTIFICATION_PROVIDERS = {
    "console": "tatap.notifications.providers.console.Console",
    "email": "tatap.notifications.providers.email.Email",
}
NOTIFICATION_CHANNEL = "email"
PAYMENT_PROVIDERS = {
    "free": "tatap.payments.providers.free.Free",
    "bank_transfer": "tatap.payments.providers.bank_transfer.BankTransfer",
}
MEETING_PROVIDERS = {"tatap": "tatap.meetings.providers.tatap.OwnRoom"}

ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_ADAPTER = "tatap.accounts.adapter.AccountAdapter"
ACCOUNT_SIGNUP_FORM_CLASS = "tatap.accounts.forms.SignupForm"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_CHANGE_EMAIL = True  # one address each; a new one takes its place once its code was typed
ACCOUNT_PREVENT_ENUMERATION = True
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Tatap"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE
USERSESSIONS_TRACK_ACTIVITY = False

FORM_RENDERER = "django.forms.renderers.DjangoTemplates"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"class": "logging.StreamHandler"}},
    "loggers": {
        "tatap": {"handlers": ["stderr"], "level": "INFO"},
        "django.request": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
    },
}
# Subdomains and preload lists are the affair of whoever owns the domain.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
