"""Old lines of the page on configuration; each function returns what came of it."""

from flask import Flask


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


def from_json():
    with open("settings.json", "w") as file:
        file.write('{"TEA": "green"}')
    app = Flask("shop", root_path=".")
    app.config.from_json("settings.json")
    return app.config["TEA"]


def debug():
    app = Flask("shop")
    app.config["DEBUG"] = True
    return started(app)


def session_cookie_name():
    app = Flask("shop")
    app.session_cookie_name = "tea"
    return app.config["SESSION_COOKIE_NAME"]


def subdomain():
    app = Flask("shop")
    app.config["SERVER_NAME"] = "shop.example"
    app.add_url_rule("/", "admin", lambda: "admin", subdomain="admin")
    return get(app, base_url="http://admin.shop.example")
