"""Log in with a hashed password, and with five attempts a minute."""

from flask import Flask, abort, request
from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from werkzeug.exceptions import TooManyRequests
from werkzeug.security import check_password_hash, generate_password_hash

FIVE = parse("5/minute")
USERS = {"ada": generate_password_hash("correct horse")}
# compared with if there is no such user, so that the response takes as long
NOBODY = generate_password_hash("nobody has this password")


def create_app() -> Flask:
    app = Flask(__name__)
    limiter = MovingWindowRateLimiter(MemoryStorage())

    @app.post("/login")
    def login() -> str:
        name = request.form["name"]
        if not limiter.hit(FIVE, name, request.remote_addr or ""):
            raise TooManyRequests(retry_after=60)
        if not check_password_hash(USERS.get(name, NOBODY), request.form["password"]):
            abort(401)
        return "Welcome"

    return app
