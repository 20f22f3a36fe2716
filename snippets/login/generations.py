"""End all other logins of a user when the password changes."""

from dataclasses import dataclass

from flask import Flask, request
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin, current_user, login_required, login_user
from werkzeug.security import check_password_hash, generate_password_hash

login_manager = LoginManager()


@dataclass(eq=False)
class User(UserMixin):
    id: int
    password_hash: str
    generation: int = 0

    def get_id(self) -> str:
        return f"{self.id}.{self.generation}"

    def set_password(self, password: str) -> None:
        self.password_hash = generate_password_hash(password)
        self.generation += 1


USERS = {1: User(1, generate_password_hash("correct horse"))}


@login_manager.user_loader
def load_user(user_id: str) -> User | None:
    user = USERS.get(int(user_id.partition(".")[0]))
    return user if user and user.get_id() == user_id else None


def create_app() -> Flask:
    app = Flask(__name__)
    app.secret_key = "dev"
    login_manager.init_app(app)

    @app.post("/login")
    def login() -> ResponseReturnValue:
        if not check_password_hash(USERS[1].password_hash, request.form["password"]):
            return "The password is wrong.", 422
        login_user(USERS[1], remember=True)
        return "Welcome"

    @app.post("/account/password")
    @login_required
    def change_password() -> ResponseReturnValue:
        if not check_password_hash(current_user.password_hash, request.form["current"]):
            return "The password is wrong.", 422
        current_user.set_password(request.form["new"])
        # this browser stays logged in
        login_user(current_user, remember=True)
        return "The password is changed. Every other login has ended."

    app.add_url_rule("/account", "account", login_required(lambda: "Your account"))
    return app
