"""Two databases, each with its own tables and its own migrations."""

from flask import Flask
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


db = SQLAlchemy(model_class=Base)
migrate = Migrate(db=db)


class Article(db.Model):  # type: ignore[misc, name-defined]
    id: Mapped[int] = mapped_column(primary_key=True)


class Entry(db.Model):  # type: ignore[misc, name-defined]
    __bind_key__ = "audit"
    id: Mapped[int] = mapped_column(primary_key=True)


def create_app() -> Flask:
    app = Flask(__name__)
    app.config.update(
        SQLALCHEMY_DATABASE_URI="sqlite:///shop.db",
        SQLALCHEMY_BINDS={"audit": "sqlite:///audit.db"},
    )
    db.init_app(app)
    migrate.init_app(app)
    return app
