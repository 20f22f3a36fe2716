"""Insert a row, or change the one that has its key: one statement in the dialect of each database."""

from flask import Flask, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Dialect, Insert, String, select
from sqlalchemy.dialects import mysql, postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


db = SQLAlchemy(model_class=Base)


class Price(Base):
    __tablename__ = "price"
    article: Mapped[str] = mapped_column(String(40), primary_key=True)
    cents: Mapped[int]
    changes: Mapped[int] = mapped_column(default=0)


def upsert(dialect: Dialect, article: str, cents: int) -> Insert:
    """Return the statement that stores a price, whether or not the article has one."""
    values = {"article": article, "cents": cents}
    counted = {"changes": Price.changes + 1}
    if dialect.name in ("mysql", "mariadb"):
        row = mysql.insert(Price).values(values)
        return row.on_duplicate_key_update(cents=row.inserted.cents, **counted)
    insert = postgresql.insert if dialect.name == "postgresql" else sqlite.insert
    new = insert(Price).values(values)
    return new.on_conflict_do_update(
        index_elements=[Price.article], set_={"cents": new.excluded.cents, **counted}
    )


def create_app(database: str = "sqlite://") -> Flask:
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = database
    db.init_app(app)
    with app.app_context():
        db.create_all()

    @app.put("/prices/<article>")
    def store(article: str) -> str:
        db.session.execute(upsert(db.engine.dialect, article, int(request.form["cents"])))
        db.session.commit()
        return "stored"

    @app.get("/prices")
    def show() -> dict[str, list[int]]:
        prices = db.session.scalars(select(Price).order_by(Price.article))
        return {price.article: [price.cents, price.changes] for price in prices}

    return app
