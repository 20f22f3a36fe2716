"""Settings of Gunicorn, written in Python."""

import os

wsgi_app = "snippets.deployment.shop:create_app()"
bind = os.environ.get("SHOP_BIND", "127.0.0.1:8000")
workers = int(os.environ.get("SHOP_WORKERS", "2"))
threads = 4
# what a request may take before its worker stops, when the server is asked to end
graceful_timeout = 30
# the log of requests, which is off by default, goes to the standard output
accesslog = "-"
