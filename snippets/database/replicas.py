"""Read from a replica, and for some seconds from the primary what the same client has just written."""

import time
from typing import Any

from flask import Flask, Response, has_request_context, request, session
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session
from sqlalchemy import Connection, Engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

# A change reaches the replica later than the primary, usually within these seconds.
LAG = 5.0


class RoutingSession(Session):
    def get_bind(self, *args: Any, **kwargs: Any) -> Engine | Connection:
        chosen = super().get_bind(*args, **kwargs)
        return db.engines["replica"] if chosen is db.engine and may_be_late() else chosen


def may_be_late() -> bool:
    """Say whether this request only reads, and its client has not written for some seconds."""
    reads = has_request_context() and request.method == "GET"
    return reads and time.time() - session.get("wrote", 0.0) > LAG


class Base(DeclarativeBase):
    pass


db = SQLAlchemy(model_class=Base, session_options={"class_": RoutingSession})


class Visit(Base):
    __tablename__ = "visit"
    id: Mapped[int] = mapped_column(primary_key=True)


def create_app(database: str = "sqlite://", replica: str = "sqlite://") -> Flask:
    app = Flask(__name__)
    app.config.update(SECRET_KEY="for the example", SQLALCHEMY_DATABASE_URI=database)
    app.config["SQLALCHEMY_BINDS"] = {"replica": replica}
    db.init_app(app)
    app.add_url_rule("/visits", view_func=visits, methods=["GET", "POST"])
    app.after_request(remember)
    return app


def visits() -> list[int]:
    if request.method == "POST":
        db.session.add(Visit())
        db.session.commit()
    return list(db.session.scalars(select(Visit.id)))


def remember(response: Response) -> Response:
    if request.method != "GET":
        session["wrote"] = time.time()
    return response
