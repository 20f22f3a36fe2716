"""What the changelog of the next release announces, tried; each function returns what happened."""

import warnings

from flask import Flask, g, redirect


def redirect_status():
    app = Flask("next")
    app.route("/")(lambda: redirect("/login"))
    return app.test_client().get("/").status_code


def redirect_given():
    app = Flask("next")
    app.route("/")(lambda: redirect("/login", 302))
    return app.test_client().get("/").status_code


def g_shared():
    app = Flask("next")
    app.route("/")(lambda: g.get("user", "another g"))
    with app.app_context():
        g.user = "ada"
        return app.test_client().get("/").text


def context_classes():
    from flask.ctx import AppContext

    return type(Flask("next").test_request_context()) is AppContext


def request_context_name():
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        from flask.ctx import RequestContext
    return "%s%s" % (RequestContext.__name__, ", deprecated" if caught else "")


def teardown_all():
    app = Flask("next")
    called = []
    app.teardown_request(lambda error: called.append("first registered"))

    @app.teardown_request
    def broken(error):
        called.append("broken")
        raise KeyError("broken")

    app.route("/")(lambda: "x")
    try:
        app.test_client().get("/")
    except Exception:
        pass
    return ", ".join(called)


def filter_without_brackets():
    app = Flask("next")

    @app.template_filter
    def shout(text):
        return text.upper()

    return app.jinja_env.from_string("{{ 'x'|shout }}").render()


def dispatch_override():
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")

        class Own(Flask):
            def dispatch_request(self):
                return "own"

        app = Own("next")
        app.route("/")(lambda: "view")
        text = app.test_client().get("/").text
    return text + (", deprecated" if caught else "")


def ignore_error():
    class Own(Flask):
        def should_ignore_error(self, error):
            return True

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        app = Own("next")
        app.route("/")(lambda: "view")
        app.test_client().get("/")
    return "deprecated" if caught else "no warning"


def version():
    import flask

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        flask.__version__
    return "there"


def automatic_options():
    app = Flask("next")
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    app.add_url_rule("/", view_func=lambda: "x", endpoint="x", provide_automatic_options=True)
    return app.test_client().options("/").status_code
