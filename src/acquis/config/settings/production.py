"""Settings behind a reverse proxy: every secret comes from the environment."""

from acquis.config import environment
from acquis.config.settings.base import *  # noqa: F403

SECRET_KEY = environment.text("ACQUIS_SECRET_KEY")
SEALING_KEY = environment.text("ACQUIS_SEALING_KEY")
DEMO = False
ALLOWED_HOSTS = environment.words("ACQUIS_HOSTS")
EMBEDDED_WORKER = environment.flag("ACQUIS_EMBEDDED_WORKER", default=False)
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_SSL_REDIRECT = environment.flag("ACQUIS_FORCE_HTTPS", default=True)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
