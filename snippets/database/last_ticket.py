"""Sell the last ticket once: the statement that takes a ticket also checks that one is left."""

from typing import Any, cast

from flask import Flask, abort
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import CursorResult, String, update
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


db = SQLAlchemy(model_class=Base)


class Concert(Base):
    __tablename__ = "concert"
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    tickets: Mapped[int]


def create_app(database: str = "sqlite://") -> Flask:
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = database
    db.init_app(app)
    with app.app_context():
        db.create_all()
        db.session.add(Concert(name="jazz", tickets=1))
        db.session.commit()

    @app.post("/<name>/tickets")
    def buy(name: str) -> tuple[str, int]:
        is_left = update(Concert).where(Concert.name == name, Concert.tickets > 0)
        statement = is_left.values(tickets=Concert.tickets - 1)
        sold = cast("CursorResult[Any]", db.session.execute(statement))
        db.session.commit()
        if sold.rowcount == 0:
            abort(409, "Sold out.")
        return "sold", 201

    return app
