"""Settings common to every way of running."""

from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from django.contrib.messages import constants as messages

from acquis.config import environment

PACKAGE = Path(__file__).resolve().parents[2]
DATA = environment.folder("ACQUIS_DATA", Path.cwd() / "var")

SECRET_KEY = environment.secret("ACQUIS_SECRET_KEY", DATA / "secret-key")
SEALING_KEY = environment.secret("ACQUIS_SEALING_KEY", DATA / "sealing-key")
DEBUG = False
DEMO = environment.flag("ACQUIS_DEMO", default=False)
ALLOWED_HOSTS = environment.words("ACQUIS_HOSTS", "127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = environment.words("ACQUIS_ORIGINS")
PUBLIC_ADDRESS = environment.text("ACQUIS_PUBLIC_ADDRESS", "http://127.0.0.1:8000")
EMBEDDED_WORKER = environment.flag("ACQUIS_EMBEDDED_WORKER", default=True)

APPS = [
    "acquis.kernel",
    "acquis.regulation",
    "acquis.accounts",
    "acquis.certification.seals",
    "acquis.certification.frameworks",
    "acquis.certification.registrations",
    "acquis.certification.juries",
    "acquis.certification.exam_sessions",
    "acquis.certification.planning",
    "acquis.certification.papers",
    "acquis.certification.deposits",
    "acquis.certification.incidents",
    "acquis.certification.sittings",
    "acquis.certification.grading",
    "acquis.certification.awards",
    "acquis.certification.archives",
    "acquis.certification.cpf",
    "acquis.certification.badges",
    "acquis.certification.appeals",
    "acquis.certification.council",
    "acquis.desk.directory",
    "acquis.desk.merging",
    "acquis.desk.imports",
    "acquis.desk.agenda",
    "acquis.desk.knowledge",
    "acquis.desk.sales",
    "acquis.desk.billing",
    "acquis.desk.conversations",
    "acquis.desk.queues",
    "acquis.desk.mail",
    "acquis.desk.phone",
    "acquis.desk.webchat",
    "acquis.desk.messaging",
    "acquis.desk.video",
    "acquis.desk.documents",
    "acquis.desk.cases",
    "acquis.desk.conduct",
    "acquis.desk.raising",
    "acquis.practice.enterprises",
    "acquis.practice.scenarios",
    "acquis.practice.evidence",
    "acquis.practice.rooms",
]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "channels",
    "csp",
    "ninja",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    *APPS,
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "acquis.kernel.middleware.PermissionsPolicyMiddleware",
    "acquis.config.api_middleware.ProblemMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "acquis.kernel.middleware.NoInvisibleCharactersMiddleware",
    "acquis.kernel.middleware.DomainRefusalMiddleware",
    "acquis.accounts.middleware.CurrentOrganisationMiddleware",
    "acquis.config.api_middleware.IdempotencyMiddleware",
]

ROOT_URLCONF = "acquis.config.urls"
ASGI_APPLICATION = "acquis.config.asgi.application"
WSGI_APPLICATION = None

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "acquis.accounts.context.account",
            ],
        },
    },
]

DATABASES = {
    "default": environment.database(
        environment.text("ACQUIS_DATABASE_URL", f"sqlite:///{DATA / 'acquis.sqlite3'}")
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS = environment.text("ACQUIS_REDIS_URL", "")
CHANNEL_LAYERS = {
    "default": (
        {
            "BACKEND": "acquis.kernel.layers.NewsLayer",
            "CONFIG": {"hosts": [{"address": REDIS, "max_connections": 4096}]},
        }
        if REDIS
        else {"BACKEND": "channels.layers.InMemoryChannelLayer"}
    )
}
CACHES = {
    "default": (
        {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS}
        if REDIS
        else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    )
}

AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "accounts:home"
LOGOUT_REDIRECT_URL = "accounts:login"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
OTP_TOTP_ISSUER = "Acquis"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "acquis.kernel.views.stale_form"
SESSION_COOKIE_AGE = 12 * 3600

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Paris"

STATIC_URL = "/static/"
STATIC_ROOT = environment.folder("ACQUIS_STATIC", DATA / "static")
WHITENOISE_USE_FINDERS = True
MEDIA_ROOT = environment.folder("ACQUIS_FILES", DATA / "files")
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": MEDIA_ROOT},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
UPLOAD_MAX_BYTES = 25 * 1024 * 1024

# Letters of the centre: by SMTP once a server is named, else as files.
EMAIL_HOST = environment.text("ACQUIS_EMAIL_HOST", "")
EMAIL_PORT = environment.number("ACQUIS_EMAIL_PORT", 587)
EMAIL_HOST_USER = environment.text("ACQUIS_EMAIL_USER", "")
EMAIL_HOST_PASSWORD = environment.text("ACQUIS_EMAIL_PASSWORD", "")
EMAIL_SECURITY = environment.text("ACQUIS_EMAIL_SECURITY", "starttls").lower()
EMAIL_USE_TLS = EMAIL_SECURITY == "starttls"
EMAIL_USE_SSL = EMAIL_SECURITY == "tls"
EMAIL_TIMEOUT = 20  # seconds that the server may take to answer
EMAIL_BACKEND = environment.text(
    "ACQUIS_EMAIL_BACKEND",
    f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'filebased'}.EmailBackend",
)
EMAIL_FILE_PATH = str(DATA / "outbox")
MESSAGING_FOLDER = DATA / "outbox" / "messages"  # where the embedded gateway of messages writes
DEFAULT_FROM_EMAIL = environment.text("ACQUIS_EMAIL_FROM", "acquis@centre.example")
# The mailbox of what comes back undelivered; empty: the sender's own address.
EMAIL_RETURN_ADDRESS = environment.text("ACQUIS_EMAIL_RETURN", "")
# That mailbox read by IMAP, so that returns follow their letters; without a host it is not read.
EMAIL_RETURN_IMAP = {
    "host": environment.text("ACQUIS_EMAIL_RETURN_IMAP_HOST", ""),
    "port": environment.number("ACQUIS_EMAIL_RETURN_IMAP_PORT", 993),
    "security": environment.text("ACQUIS_EMAIL_RETURN_IMAP_SECURITY", "tls").lower(),
    "user": environment.text("ACQUIS_EMAIL_RETURN_IMAP_USER", ""),
    "password": environment.text("ACQUIS_EMAIL_RETURN_IMAP_PASSWORD", ""),
    "folder": environment.text("ACQUIS_EMAIL_RETURN_IMAP_FOLDER", "INBOX"),
}

# The telephone: the media worker and the relays that help browsers reach it.
MEDIA_WORKER_URL = environment.text("ACQUIS_MEDIA_URL", "")
MEDIA_SECRET = environment.secret("ACQUIS_MEDIA_SECRET", DATA / "media-key")
MEDIA_SPOOL = DATA / "calls"  # recordings in progress
MEDIA_NOTICE = environment.text(
    "ACQUIS_CALL_NOTICE", ""
)  # an Ogg/Opus file: the announcement, spoken
MEDIA_ICE_SERVERS = environment.words("ACQUIS_ICE_SERVERS")
MEDIA_TURN_SECRET = environment.text("ACQUIS_TURN_SECRET", "")
# The trunk of an operator of telephony (docs/sip.md); without a host, none.
SIP = {
    "host": environment.text("ACQUIS_SIP_HOST", ""),
    "port": environment.number("ACQUIS_SIP_PORT", 5060),
    "transport": environment.text("ACQUIS_SIP_TRANSPORT", "udp").lower(),
    "user": environment.text("ACQUIS_SIP_USER", ""),
    "password": environment.text("ACQUIS_SIP_PASSWORD", ""),
    "numbers": environment.words("ACQUIS_SIP_NUMBERS"),
    "codecs": environment.words("ACQUIS_SIP_CODECS", "PCMA,PCMU"),
    "bind_address": environment.text("ACQUIS_SIP_BIND_ADDRESS", ""),
    "bind_port": environment.number("ACQUIS_SIP_BIND_PORT", 0),
    "public_address": environment.text("ACQUIS_SIP_PUBLIC_ADDRESS", ""),
    "rtp_port": environment.number("ACQUIS_SIP_RTP_PORT", 20_000),
    "rtp_ports": environment.number("ACQUIS_SIP_RTP_PORTS", 200),
    "srtp": environment.flag("ACQUIS_SIP_SRTP", default=False),
    "peers": environment.words("ACQUIS_SIP_PEERS"),
    "expires": environment.number("ACQUIS_SIP_EXPIRES", 300),
    "tls_ca": environment.text("ACQUIS_SIP_TLS_CA", ""),
    "tls_certificate": environment.text("ACQUIS_SIP_TLS_CERTIFICATE", ""),
    "tls_key": environment.text("ACQUIS_SIP_TLS_KEY", ""),
}

# Transcription of recorded calls (docs/transcription.md); without a model, none.
TRANSCRIPTION: dict[str, Any] = {
    "model": environment.text("ACQUIS_TRANSCRIPTION_MODEL", ""),  # its folder
    "threads": environment.number("ACQUIS_TRANSCRIPTION_THREADS", 1),
    "lock": DATA / "transcription.lock",  # one recording at a time on a machine
}

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"  # the exam room holds the desk in a frame of its own
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "media-src": [SELF, "blob:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
    }
}

MESSAGE_TAGS = {messages.ERROR: "danger", messages.DEBUG: "secondary"}
SILENCED_SYSTEM_CHECKS: list[str] = []

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"acquis": {"level": "INFO"}},
}
