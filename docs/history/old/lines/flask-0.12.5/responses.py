"""Old lines of the page on responses; each function returns what came of it."""

from io import BytesIO

from flask import Flask, redirect, send_file


def get(app, path="/", **options):
    """Return status and body of an answer; what a view raises is raised."""
    app.testing = True
    response = app.test_client().open(path, **options)
    text = response.get_data(as_text=True)
    return "%s %s" % (response.status_code, "" if "<title>" in text else text)


def escape():
    from flask import escape, Markup

    return Markup("<p>%s</p>") % escape("<tea>")


def attachment_filename():
    with Flask("shop").test_request_context():
        return send_file(BytesIO(b"x"), mimetype="text/plain", attachment_filename="a.txt").status


def json_encoder():
    from flask.json import JSONEncoder

    return JSONEncoder.__name__


def dictionary():
    app = Flask("shop")
    app.add_url_rule("/", "index", lambda: {"tea": "green"})
    return get(app)


def location():
    app = Flask("shop")
    app.add_url_rule("/", "index", lambda: redirect("/index.html"))
    return app.test_client().get("/").headers["Location"]
