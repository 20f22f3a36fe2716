"""Old lines of the page on deployment; each function returns what came of it."""

from flask import Flask


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
    return started(app, host="0.0.0.0", port=80)


def compat():
    from flask._compat import text_type

    return text_type.__name__
