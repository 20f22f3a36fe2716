"""Transfer money by a form: for whoever has the cookie, and only by a form of this site."""

from flask import Flask, render_template_string, request, session
from flask_wtf import CSRFProtect

FORM = """<form method="post" action="/transfer">
<input type="hidden" name="csrf_token" value="{{ csrf_token() }}">
<input name="to"><button>Send</button>
</form>
"""


def form() -> str:
    session["user"] = "ada"
    return render_template_string(FORM)


def transfer() -> str:
    return f"{session.get('user', 'nobody')} pays {request.form['to']}"


def create_app(careful: bool = True) -> Flask:
    app = Flask(__name__)
    app.secret_key = "dev"
    app.add_url_rule("/", "form", form)
    app.add_url_rule("/transfer", "transfer", transfer, methods=["POST"])
    csrf = CSRFProtect(app)
    if not careful:
        csrf.exempt(transfer)
    return app
