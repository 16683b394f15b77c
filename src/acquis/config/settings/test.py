"""Settings of the test suite: fast hashing, strict templates, nothing leaves the process."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from acquis.config import environment

_DATA = Path(tempfile.mkdtemp(prefix="acquis-test-"))
atexit.register(shutil.rmtree, _DATA, ignore_errors=True)
os.environ.setdefault("ACQUIS_DATA", str(_DATA))
os.environ.setdefault("ACQUIS_SECRET_KEY", "only-for-tests-" + "k" * 40)
os.environ.setdefault("ACQUIS_SEALING_KEY", "only-for-tests-" + "s" * 40)

from acquis.config.settings.base import *  # noqa: E402, F403
from acquis.config.settings.base import DATABASES, INSTALLED_APPS, MIDDLEWARE, TEMPLATES  # noqa: E402
from acquis.kernel.testing import UnknownVariable  # noqa: E402

EMBEDDED_WORKER = False
DEMO = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": _DATA / "files"},
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
INSTALLED_APPS = ["zeal", *INSTALLED_APPS]
MIDDLEWARE = [
    "zeal.middleware.zeal_middleware",
    *MIDDLEWARE,
    "acquis.kernel.testing.SafeMethodsDoNotWrite",
]
# A page that asks the same of four rows one after the other asks it of every row.
ZEAL_NPLUSONE_THRESHOLD = 4
TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = UnknownVariable("%s")  # type: ignore[index]

if environment.text("ACQUIS_TEST_DATABASE_URL", ""):
    DATABASES = {
        "default": environment.database(environment.text("ACQUIS_TEST_DATABASE_URL"))
        | {"CONN_MAX_AGE": 0, "OPTIONS": {}}
    }
else:
    # A file that is named can be kept from one run to the next (`--reuse-db`).
    _NAME = environment.text("ACQUIS_TEST_DATABASE_FILE", str(_DATA / "test.sqlite3"))
    DATABASES["default"]["TEST"] = {"NAME": _NAME}
