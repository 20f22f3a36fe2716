"""Let browsers in by the session and programs by a token."""

import hashlib

from flask import Flask, Request
from flask_login import LoginManager, current_user, login_required

from .users import USERS, User, load_user


def hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


OWNERS = {hashed("4f2a-secret"): USERS[1]}
login_manager = LoginManager()
login_manager.user_loader(load_user)


@login_manager.request_loader
def load_by_token(request: Request) -> User | None:
    sent = request.authorization
    is_bearer = sent is not None and sent.type == "bearer"
    return OWNERS.get(hashed(sent.token or "")) if is_bearer and sent else None


app = Flask(__name__)
app.secret_key = "dev"
login_manager.init_app(app)


@app.get("/me")
@login_required
def me() -> dict[str, str]:
    return {"user": current_user.name}
