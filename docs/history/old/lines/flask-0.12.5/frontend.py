"""Old lines of the page on scripts in the browser; each function returns what came of it."""

import os
import tempfile

from flask import Flask, render_template_string, url_for


def max_age():
    app = Flask("shop")
    app.static_folder = tempfile.mkdtemp()
    with open(os.path.join(app.static_folder, "site.css"), "w") as file:
        file.write("b {}")
    return app.test_client().get("/static/site.css").headers["Cache-Control"]


def own_url_for():
    app = Flask("shop")

    def versioned(endpoint, **values):
        return url_for(endpoint, v=7, **values)

    app.context_processor(lambda: {"url_for": versioned})
    line = "{{ url_for('static', filename='site.css') }}"
    with app.test_request_context():
        in_view = url_for("static", filename="site.css")
        return "template: {}, view: {}".format(render_template_string(line), in_view)
