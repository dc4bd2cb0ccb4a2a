"""Settings of the test suite: the product's own, with a data folder that is thrown away and cheap password hashing."""

from __future__ import annotations

import atexit
import base64
import os
import shutil
import tempfile

_home = tempfile.mkdtemp(prefix="duikou-test-")  # one per process: tests run side by side
os.environ["DUIKOU_HOME"] = _home
atexit.register(shutil.rmtree, _home, ignore_errors=True)

from config.settings import *  # noqa: F403, E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405
STATIC_ROOT.mkdir()  # noqa: F405 - the server of static files looks for the folder at every start
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
AUDIT_FLUSHABLE = True  # the suite empties tables between transactional tests; the guards have tests of their own
# the test plugin knows only Django's own engine by name
if DATABASES["default"]["ENGINE"] == "duikou.kernel.sqlite":  # noqa: F405
    DATABASES["default"]["TEST"] = {"NAME": ":memory:"}  # noqa: F405
# the same keys in every run, so that what one run sealed and encrypted can be read by the next (tests/world.py)
SECRET_KEY = "the key of the test suite, which guards nothing"  # noqa: S105 - says so
FIELD_KEYS = [base64.urlsafe_b64encode(b"the field key of the test suite.").decode()]
