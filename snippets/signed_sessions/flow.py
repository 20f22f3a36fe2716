"""Record the chain of calls that leads to the session interface."""

import inspect

from flask import Flask, Request, Response, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin

calls: list[str] = []


def note() -> None:
    names = [frame.frame.f_code.co_qualname for frame in inspect.stack(0)[1:]]
    calls.append("\n".join(reversed(names[: names.index("Flask.__call__") + 1])))


class Traced(SecureCookieSessionInterface):
    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        note()
        return super().open_session(app, request)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        note()
        super().save_session(app, session, response)


app = Flask(__name__)
app.secret_key = "dev"
app.session_interface = Traced()


@app.get("/")
def index() -> str:
    session["visits"] = session.get("visits", 0) + 1
    return "\n\n".join(calls)
