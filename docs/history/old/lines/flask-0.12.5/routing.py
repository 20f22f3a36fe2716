"""Old lines of the page on routing; each function returns what came of it."""

from flask import Flask, url_for


def get(app, path="/", **options):
    """Return status and body of an answer; what a view raises is raised."""
    app.testing = True
    response = app.test_client().open(path, **options)
    text = response.get_data(as_text=True)
    return "%s %s" % (response.status_code, "" if "<title>" in text else text)


def started(app, **options):
    """Return the address that ``app.run`` listens on, and whether the debugger is on."""
    import werkzeug.serving

    seen = []
    werkzeug.serving.run_simple = lambda host, port, *_, **given: seen.append((host, port, given))
    app.run(**options)
    (host, port, given), = seen
    return "run_simple on %s:%s, debugger %s" % (host, port, "on" if given["use_debugger"] else "off")


def subdomain():
    app = Flask("shop")
    app.config["SERVER_NAME"] = "example.com:5000"
    app.add_url_rule("/", "admin", lambda: "admin", subdomain="admin")
    return get(app, base_url="http://admin.example.com:5000")


def server_name_run():
    app = Flask("shop")
    app.config["SERVER_NAME"] = "example.com:5000"
    return started(app)


def strict_slashes():
    app = Flask("shop")
    app.add_url_rule("/index", "index", lambda: "index", strict_slashes=True)
    app.add_url_rule("/reports/", "reports", lambda: "reports", strict_slashes=True)
    return get(app, "/index/")[:3], get(app, "/reports")[:3]


def form_data():
    app = Flask("shop", static_folder=None)
    app.debug = True
    app.add_url_rule("/reports/", "reports", lambda: "kept", methods=["POST"])
    return get(app, "/reports", method="POST")[:3]


def view_func():
    app = Flask("shop")
    app.add_url_rule("/", view_func="index")
    return "no error"


def post():
    app = Flask("shop")
    app.add_url_rule("/login", "login", lambda: "in", methods=["POST"])
    return get(app, "/login", method="POST")
