"""Old lines of the page on signals; each function returns what came of it."""

from flask import Flask, got_request_exception


def get(app, path="/", **options):
    """Return status and body of an answer; what a view raises is raised."""
    app.testing = True
    response = app.test_client().open(path, **options)
    text = response.get_data(as_text=True)
    return "%s %s" % (response.status_code, "" if "<title>" in text else text)


def private():
    from flask.signals import _signals

    return _signals.signal("request-started").name


def every_error():
    app, heard = Flask("shop"), []
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.add_url_rule("/", "index", lambda: 1 / 0)
    app.errorhandler(ZeroDivisionError)(lambda error: "handled")
    got_request_exception.connect(lambda sender, exception: heard.append(exception), app, weak=False)
    return get(app), len(heard)


def auto_pop():
    context = Flask("shop").test_request_context()
    context.push()
    return context.auto_pop(None)
