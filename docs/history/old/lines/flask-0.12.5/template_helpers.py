"""Old lines of the page on template helpers; each function returns what came of it."""

from flask import Flask, render_template_string


def helpers():
    app = Flask("shop")

    @app.template_global()
    def sb(a1, a2):
        return a1 + a2

    @app.template_filter()
    def db(a1, a2, a3):
        return a1 + a2 + a3

    with app.test_request_context():
        return render_template_string("{{ sb(1,2) }} {{ 1|db(2,3) }}")
