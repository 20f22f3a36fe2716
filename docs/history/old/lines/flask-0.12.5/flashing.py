"""Old lines of the page on flashing; each function returns what came of it."""

from flask import Flask, flash, get_flashed_messages


def get(app, path="/", **options):
    """Return status and body of an answer; what a view raises is raised."""
    app.testing = True
    response = app.test_client().open(path, **options)
    text = response.get_data(as_text=True)
    return "%s %s" % (response.status_code, "" if "<title>" in text else text)


def no_key():
    app = Flask("shop")
    app.add_url_rule("/", "index", lambda: flash("late"))
    return get(app)


def first():
    app = Flask("shop")
    app.secret_key = "asdasda"
    with app.test_request_context():
        flash("超时错误", category="x1")
        flash("again", category="x1")
        data = get_flashed_messages(category_filter=["x1"])
        msg = data[0]
        return "错误信息：%s" % (msg)
