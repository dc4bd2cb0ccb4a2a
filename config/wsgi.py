"""The WSGI application that gunicorn serves; it too refuses an unfit production installation."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()

from django.conf import settings  # noqa: E402 - after set-up

if not settings.DEMONSTRATION:
    from config import guard

    guard.refuse_or_go()
