"""Replace a forgotten password through a signed link that expires and works once."""

from collections.abc import Callable

from flask import Flask, abort, current_app, request, url_for
from itsdangerous import BadData, URLSafeTimedSerializer

from .generations import USERS, User

MINUTES = 30
ADDRESSES = {"ada@example.com": USERS[1]}


def to_log(address: str, text: str) -> None:
    current_app.logger.warning("Mail to %s: %s", address, text)


def serializer() -> URLSafeTimedSerializer:
    # the salt keeps this token apart from all others that the key signs
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="new password")


def user_of(token: str) -> User | None:
    try:
        number, generation = serializer().loads(token, max_age=MINUTES * 60)
    except BadData:
        return None
    user = USERS.get(number)
    return user if user and user.generation == generation else None


def create_app(send_mail: Callable[[str, str], None] = to_log) -> Flask:
    app = Flask(__name__)
    app.config.update(SECRET_KEY="dev", TRUSTED_HOSTS=["localhost"])

    @app.post("/forgot")
    def forgot() -> str:
        address = request.form["address"]
        if user := ADDRESSES.get(address):
            token = serializer().dumps((user.id, user.generation))
            link = url_for("reset", token=token, _external=True)
            send_mail(address, f"Choose a new password within {MINUTES} minutes: {link}")
        return "If this address is known here, a mail is on its way."

    @app.route("/reset/<token>", methods=["GET", "POST"])
    def reset(token: str) -> str:
        user = user_of(token) or abort(410, "This link was used or has expired.")
        if request.method == "GET":
            return "<form method=post><input name=new type=password><button>"
        user.set_password(request.form["new"])
        return "The password is changed. Log in with it."

    return app
