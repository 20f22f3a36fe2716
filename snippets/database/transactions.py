"""All changes of a request or none of them: a transfer of money between two accounts."""

from flask import Flask, abort, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import CheckConstraint, String, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


db = SQLAlchemy(model_class=Base)


class Account(Base):
    __tablename__ = "account"
    owner: Mapped[str] = mapped_column(String(20), primary_key=True)
    cents: Mapped[int] = mapped_column(CheckConstraint("cents >= 0"))


def create_app(database: str = "sqlite://") -> Flask:
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = database
    db.init_app(app)
    with app.app_context():
        db.create_all()
        db.session.add_all([Account(owner="ada", cents=100), Account(owner="bob", cents=0)])
        db.session.commit()

    @app.post("/transfer")
    def transfer() -> str:
        cents = request.form.get("cents", 0, type=int)
        if cents <= 0:
            abort(400)
        for owner, change in (("bob", cents), ("ada", -cents)):
            account = db.get_or_404(Account, owner)
            account.cents = Account.cents + change
            db.session.flush()
        db.session.commit()
        return "sent"

    @app.post("/forgotten")
    def forgotten() -> str:
        db.get_or_404(Account, "bob").cents = 1_000_000
        db.session.flush()
        return "flushed, but not committed"

    @app.get("/")
    def show() -> dict[str, int]:
        accounts = db.session.scalars(select(Account).order_by(Account.owner))
        return {account.owner: account.cents for account in accounts}

    return app
