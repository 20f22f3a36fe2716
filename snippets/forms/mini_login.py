"""The login form of old posts, with the library above."""

from flask import Flask, render_template_string, request
from flask.typing import ResponseReturnValue

from snippets.forms.mini import Field, Form

app = Flask(__name__)

PAGE = """\
<form method="post">
{% for field in form %}{{ field }} {{ field.errors | join(" ") }}
{% endfor -%}
<button>Log in</button>
</form>
"""


def required(form: Form, field: Field) -> None:
    if not field.data:
        raise ValueError("This field is required.")


class PasswordField(Field):
    kind = "password"


class LoginForm(Form):
    name = Field("Name", required)
    pwd = PasswordField("Password", required)


@app.route("/login", methods=["GET", "POST"])
def login() -> ResponseReturnValue:
    form = LoginForm(request.form)
    if request.method == "POST" and form.validate():
        return {"welcome": form.name.data}
    return render_template_string(PAGE, form=form), 422 if request.method == "POST" else 200
