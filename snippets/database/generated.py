"""Keys from a sequence, from an identity column, and a column that the database computes."""

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Computed, Identity, Sequence
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


db = SQLAlchemy(model_class=Base)


class Invoice(Base):
    __tablename__ = "invoice"
    number: Mapped[int] = mapped_column(Sequence("invoice_number", start=1000), primary_key=True)
    net: Mapped[int]
    gross: Mapped[int] = mapped_column(Computed("net * 119 / 100", persisted=True))


class Event(Base):
    __tablename__ = "event"
    id: Mapped[int] = mapped_column(Identity(start=500), primary_key=True)


def create_app(database: str = "sqlite://") -> Flask:
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = database
    db.init_app(app)
    with app.app_context():
        db.create_all()

    @app.post("/invoices/<int:net>")
    def add(net: int) -> dict[str, int]:
        invoice, event = Invoice(net=net), Event()
        db.session.add_all([invoice, event])
        db.session.commit()
        return {"number": invoice.number, "gross": invoice.gross, "event": event.id}

    return app
