"""Settings of the test suite: the product's own, with a data folder that is thrown away and cheap password hashing."""

from __future__ import annotations

import os
import tempfile

os.environ.setdefault("DUIKOU_HOME", tempfile.mkdtemp(prefix="duikou-test-"))

from config.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
AUDIT_FLUSHABLE = True  # the suite empties tables between transactional tests; the guards have tests of their own
