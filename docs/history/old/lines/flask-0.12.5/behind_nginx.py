"""Old lines of the page on nginx; each function returns what came of it."""

from flask import Flask, request


def get(app, path="/", **options):
    """Return status and body of an answer; what a view raises is raised."""
    app.testing = True
    response = app.test_client().open(path, **options)
    text = response.get_data(as_text=True)
    return "%s %s" % (response.status_code, "" if "<title>" in text else text)


def proxy_fix():
    from werkzeug.contrib.fixers import ProxyFix

    app = Flask("shop")
    app.add_url_rule("/", "index", lambda: request.remote_addr)
    app.wsgi_app = ProxyFix(app.wsgi_app)
    return get(app, headers={"X-Forwarded-For": "203.0.113.9"})
