"""Log in with a form that Flask-WTF protects against forged requests."""

from flask import Flask, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from werkzeug.security import check_password_hash, generate_password_hash
from wtforms import BooleanField, PasswordField, StringField
from wtforms.validators import InputRequired, Length

app = Flask(__name__)
app.secret_key = "dev"

USERS = {"ada": generate_password_hash("correct horse")}
# An unknown name takes as long as a wrong password.
NOBODY = generate_password_hash("nobody")


class LoginForm(FlaskForm):
    name = StringField("Name", [InputRequired(), Length(max=30)])
    password = PasswordField("Password", [InputRequired()])
    stay = BooleanField("Stay logged in")


@app.route("/login", methods=["GET", "POST"])
def login() -> ResponseReturnValue:
    form = LoginForm()
    if form.validate_on_submit():
        right = check_password_hash(USERS.get(form.name.data, NOBODY), form.password.data)
        if right and form.name.data in USERS:
            # A session from before the login is not taken over.
            session.clear()
            session["user"] = form.name.data
            session.permanent = form.stay.data
            return redirect(url_for("home"))
        form.form_errors.append("Name or password is wrong.")
    status = 422 if form.is_submitted() else 200
    return render_template("form.html", form=form, button="Log in"), status


@app.get("/")
def home() -> str:
    return f"Logged in: {session.get('user', 'nobody')}"
