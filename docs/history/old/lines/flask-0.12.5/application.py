"""Old lines of the page on the application; each function returns what came of it."""

from flask import Flask, session
from flask.sessions import SecureCookieSessionInterface


def started(app, **options):
    """Return the address that ``app.run`` listens on, and whether the debugger is on."""
    import werkzeug.serving

    seen = []
    werkzeug.serving.run_simple = lambda host, port, *_, **given: seen.append((host, port, given))
    app.run(**options)
    (host, port, given), = seen
    return "run_simple on %s:%s, debugger %s" % (host, port, "on" if given["use_debugger"] else "off")


def run():
    app = Flask("shop")
    return started(app)


def session_interface():
    app = Flask("shop")
    app.session_interface = SecureCookieSessionInterface()
    return type(app.session_interface).__name__
