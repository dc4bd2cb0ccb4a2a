"""All settings, from the environment; whatever is secret comes from there or from files under DUIKOU_HOME.

`DUIKOU_MODE` is `demonstration` (default: one machine, demonstration accounts, generated secrets) or `production`
(refuses to start with demonstration accounts or without secrets; see config/guard.py).
"""

from __future__ import annotations

import datetime as dt
from os import pathsep
from pathlib import Path

import django_stubs_ext
import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from config import environment, home, logs, secrets

django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

VERSION = "0.1.0"
MODE = environment.choice("DUIKOU_MODE", "demonstration", ("demonstration", "production"))
DEMONSTRATION = MODE == "demonstration"
HOME = home.opened(Path(env.str("DUIKOU_HOME", default="") or BASE_DIR / "var").resolve())

DEBUG = env.bool("DUIKOU_DEBUG", default=False)
MISSING_SECRET = "missing: a production start is refused"  # noqa: S105 - says so; config/guard.py refuses it
SECRET_KEY = env.str("DUIKOU_SECRET_KEY", default="")
FIELD_KEYS: list[str] = env.list("DUIKOU_FIELD_KEYS", default=[])
if DEMONSTRATION:
    SECRET_KEY = SECRET_KEY or secrets.kept(HOME / "secret-key", secrets.new_secret)
    FIELD_KEYS = FIELD_KEYS or [secrets.kept(HOME / "field-key", secrets.new_field_key)]
SECRET_KEY = SECRET_KEY or MISSING_SECRET
ALLOW_SQLITE = env.bool("DUIKOU_ALLOW_SQLITE", default=False)
ALLOWED_HOSTS: list[str] = env.list(
    "DUIKOU_ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"] if DEMONSTRATION else []
)
CSRF_TRUSTED_ORIGINS: list[str] = env.list("DUIKOU_TRUSTED_ORIGINS", default=[])
LOGGING = logs.configure(
    environment.choice("DUIKOU_LOG_FORMAT", "auto", ("auto", "json", "text")),
    environment.choice("DUIKOU_LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")),
)
MAP_REVIEW_NUMBER = env.str("DUIKOU_MAP_REVIEW_NUMBER", default="")
PROGRAMME = env.str("DUIKOU_PROGRAMME", default="northeast-east-2017")
PACKS = BASE_DIR / "packs"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "django_filters",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "axes",
    "django_tasks",
    "django_tasks_db",
    "duikou.kernel",
    "duikou.records",
    "duikou.programme",
    "duikou.access",
    "duikou.flow",
    "duikou.intake",
    "duikou.plans",
    "duikou.meetings",
    "duikou.projects",
    "duikou.schedule",
    "duikou.greenchannel",
    "duikou.reforms",
    "duikou.parks",
    "duikou.progress",
    "duikou.boards",
    "duikou.documents",
    "duikou.desk",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
]

MIDDLEWARE = [
    "duikou.kernel.web.errors.RequestId",
    "duikou.kernel.web.health.Probes",  # before whatever asks for a host name, a session or the database
    "csp.middleware.CSPMiddleware",  # before whatever may refuse a request, so that the refusal carries it too
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "duikou.access.middleware.ActorMiddleware",
    "duikou.access.middleware.SecondFactorMiddleware",
    "duikou.kernel.web.errors.Errors",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
CSRF_FAILURE_VIEW = "duikou.kernel.web.errors.csrf_failure"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "duikou.kernel.context.layout",
            ],
            "builtins": ["django.templatetags.i18n", "duikou.kernel.templatetags.look"],
        },
    }
]

DATABASES = {"default": environment.database(HOME / "duikou.sqlite3")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["ENGINE"] = "duikou.kernel.sqlite"
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        "init_command": (
            "PRAGMA page_size=8192; PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; "
            "PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY; PRAGMA mmap_size=268435456;"
        ),
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": str(HOME / "cache"),
        "TIMEOUT": 3600,
    }
}

AUTH_USER_MODEL = "access.Account"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "duikou.kernel.passwords.LongEnough", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
PUBLIC_URL = env.str("DUIKOU_PUBLIC_URL", default="http://127.0.0.1:8000").rstrip("/")
INVITATION_DAYS = environment.number("DUIKOU_INVITATION_DAYS", 7)
READING_DAYS = environment.number("DUIKOU_READING_DAYS", 30)
PARKS_LEAST_COMPANIES = environment.number("DUIKOU_PARKS_LEAST_COMPANIES", 3)
ADMIN_MODE_MINUTES = environment.number("DUIKOU_ADMIN_MODE_MINUTES", 30)
REQUIRE_MFA_ROLES: list[str] = env.list("DUIKOU_REQUIRE_MFA_ROLES", default=[])

ACCOUNT_FORMS = {"login": "duikou.access.forms.SignInForm"}
ACCOUNT_ADAPTER = "duikou.access.views.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_CHANGE_EMAIL = True  # one address, and a new one counts only after its owner followed the link sent there
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[Duikou] "
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
# Axes locks one name at one address; this bounds guessing one name from many addresses, and many from one.
ACCOUNT_RATE_LIMITS = {"login": "300/m/ip", "login_failed": "30/m/ip,30/10m/key"}  # an office signs in from one address
ALLAUTH_TRUSTED_PROXY_COUNT = environment.number("DUIKOU_PROXY_COUNT", 0)
MFA_FORMS = {
    "authenticate": "duikou.access.forms.SecondStepForm",
    "reauthenticate": "duikou.access.forms.ConfirmByCodeForm",
    "activate_totp": "duikou.access.forms.SetUpCodeForm",
}
MFA_ADAPTER = "duikou.access.views.adapters.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = "Duikou"
SOCIALACCOUNT_ADAPTER = "duikou.access.views.identity.SocialAdapter"
SOCIALACCOUNT_PROVIDERS: dict[str, dict[str, object]] = {}
OIDC_URL = env.str("DUIKOU_OIDC_URL", default="")
if OIDC_URL:
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "OAUTH_PKCE_ENABLED": True,
        "EMAIL_AUTHENTICATION": env.bool("DUIKOU_OIDC_TRUST_EMAIL", default=False),
        "APPS": [
            {
                "provider_id": "oidc",
                "name": env.str("DUIKOU_OIDC_NAME", default="OIDC"),
                "client_id": env.str("DUIKOU_OIDC_CLIENT_ID"),
                "secret": env.str("DUIKOU_OIDC_SECRET"),
                "settings": {"server_url": OIDC_URL},
            }
        ],
    }
    SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True

AXES_FAILURE_LIMIT = environment.number("DUIKOU_LOCKOUT_FAILURES", 5)
AXES_COOLOFF_TIME = dt.timedelta(minutes=environment.number("DUIKOU_LOCKOUT_MINUTES", 15))
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_USERNAME_CALLABLE = "duikou.access.views.lockout.name_tried"
AXES_CLIENT_IP_CALLABLE = "duikou.access.views.lockout.address_of"
AXES_LOCKOUT_CALLABLE = "duikou.access.views.lockout.locked_out"
AXES_SENSITIVE_PARAMETERS = ["username", "login", "email", "ip_address", "csrfmiddlewaretoken"]
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文")), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STATICFILES_DIRS = [path for path in [BASE_DIR / "assets" / "dist"] if path.exists()]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(HOME / "files")}},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = HOME / "files"
FILE_UPLOAD_PERMISSIONS, FILE_UPLOAD_DIRECTORY_PERMISSIONS = home.FILE, home.FOLDER
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_242_880
DATA_UPLOAD_MAX_NUMBER_FIELDS = 4_000  # a plan of a thousand items is settled on one page, three fields each
UPLOAD_MAX_BYTES = environment.number("DUIKOU_UPLOAD_MAX_BYTES", 100 * 1024 * 1024)
EVIDENCE_MAX_BYTES = environment.number("DUIKOU_EVIDENCE_MAX_BYTES", 50 * 1024 * 1024)
EVIDENCE_MAX_FILES = environment.number("DUIKOU_EVIDENCE_MAX_FILES", 100)
DUIKOU_FONT_FOLDERS = [folder for folder in env.str("DUIKOU_FONTS", default="").split(pathsep) if folder]
SCAN_COMMAND = env.str("DUIKOU_SCAN_COMMAND", default="")

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
if OIDC_URL:  # signing in there is a form of ours that leads to them
    CONTENT_SECURITY_POLICY["DIRECTIVES"]["form-action"].append("/".join(OIDC_URL.split("/")[:3]))
SESSION_COOKIE_NAME = "duikou_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 10
CSRF_COOKIE_HTTPONLY = False
if not DEMONSTRATION:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = env.bool("DUIKOU_SSL_REDIRECT", default=True)
    SECURE_REDIRECT_EXEMPT = [r"^health/", r"^ready/"]
    SECURE_HSTS_SECONDS = 31_536_000
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True

EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = str(HOME / "mail")
if env.str("EMAIL_URL", default=""):
    vars().update(env.email_url("EMAIL_URL"))
DEFAULT_FROM_EMAIL = env.str("DUIKOU_MAIL_FROM", default="duikou@localhost")

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
