"""An application with the extension, which is created once and bound in the factory."""

from flask import Flask, render_template_string

# in your application: from flask_notice import Notice
from snippets.extensions.flask_notice import Notice

notice = Notice()


def create_app() -> Flask:
    app = Flask(__name__)
    app.config["NOTICE_DEFAULT"] = "Closed on Sunday."
    # such as FLASK_NOTICE_DATABASE
    app.config.from_prefixed_env()
    notice.init_app(app)

    @app.get("/")
    def index() -> str:
        return render_template_string("{{ notice() }}\n<h1>Tea</h1>")

    return app
