"""A user for Flask-Login, and the function that finds one."""

from dataclasses import dataclass

from flask_login import LoginManager, UserMixin
from werkzeug.security import check_password_hash, generate_password_hash


@dataclass(eq=False)
class User(UserMixin):
    id: int
    name: str
    password_hash: str
    role: str = "reader"


login_manager = LoginManager()
login_manager.login_view = "login"
# in your application a table of users
USERS = {
    1: User(1, "ada", generate_password_hash("correct horse"), "editor"),
    2: User(2, "bob", generate_password_hash("battery staple")),
}
NOBODY = generate_password_hash("nobody")


@login_manager.user_loader
def load_user(user_id: str) -> User | None:
    return USERS.get(int(user_id))


def check(name: str, password: str) -> User | None:
    user = next((user for user in USERS.values() if user.name == name), None)
    known = user.password_hash if user else NOBODY
    return user if check_password_hash(known, password) else None
