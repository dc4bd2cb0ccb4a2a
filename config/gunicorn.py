"""How gunicorn serves: threads for slow readers, short-lived workers, lines in the same form as every other log."""

from __future__ import annotations

import os
from pathlib import Path

from config import environment, logs

wsgi_app = "config.wsgi:application"
worker_class = "config.refusals.Worker"
workers = environment.number("DUIKOU_WEB_WORKERS", 2, least=1)
threads = environment.number("DUIKOU_WEB_THREADS", 4, least=1)
timeout = 120
graceful_timeout = 15
keepalive = 5
max_requests = 20_000
max_requests_jitter = 2_000
limit_request_line = 8190
control_socket_disable = True
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - heartbeat files only
forwarded_allow_ips = os.environ.get("DUIKOU_PROXIES", "127.0.0.1,::1")
accesslog = None
loglevel = os.environ.get("DUIKOU_LOG_LEVEL", "INFO").lower()
logconfig_dict = logs.configure(os.environ.get("DUIKOU_LOG_FORMAT", "auto"), loglevel.upper())
