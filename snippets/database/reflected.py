"""A table that exists already: the columns that the class does not declare are read from the database."""

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import String, select, text
from sqlalchemy.ext.declarative import DeferredReflection
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


db = SQLAlchemy(model_class=Base)


class Reflected(DeferredReflection):
    __abstract__ = True


class Article(Reflected, Base):
    __tablename__ = "articles"
    # Declared, because it has another name in Python, and a type checker is to know it.
    key: Mapped[int] = mapped_column("art_no", primary_key=True)
    title: Mapped[str] = mapped_column(String(80))


def create_app(database: str = "sqlite://") -> Flask:
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = database
    db.init_app(app)
    with app.app_context():
        fill()
        Reflected.prepare(db.engine)

    @app.get("/articles")
    def articles() -> list[str]:
        return list(db.session.scalars(select(Article.title).order_by(Article.key)))

    @app.get("/columns")
    def columns() -> list[str]:
        return list(Article.__table__.columns.keys())

    return app


def fill() -> None:
    """Do what another program has done long ago."""
    for statement in (
        "CREATE TABLE articles (art_no INTEGER PRIMARY KEY, title VARCHAR(80), cents INTEGER)",
        "INSERT INTO articles VALUES (7, 'tea', 450)",
    ):
        db.session.execute(text(statement))
    db.session.commit()
