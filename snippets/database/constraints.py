"""Constraints with names, and status 409 for a row that violates one."""

from flask import Flask, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import CheckConstraint, ForeignKey, MetaData, String, UniqueConstraint
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from snippets.database.sqlite_foreign_keys import enforce_foreign_keys


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        }
    )


db = SQLAlchemy(model_class=Base)


class Author(Base):
    __tablename__ = "author"
    id: Mapped[int] = mapped_column(primary_key=True)


class Book(Base):
    __tablename__ = "book"
    id: Mapped[int] = mapped_column(primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey(Author.id, ondelete="CASCADE"))
    title: Mapped[str] = mapped_column(String(80))
    year: Mapped[int]
    __table_args__ = (CheckConstraint("year > 0", "year"), UniqueConstraint("author_id", "title"))


def create_app(database: str = "sqlite://") -> Flask:
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = database
    db.init_app(app)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            enforce_foreign_keys(db.engine)
        db.create_all()
        db.session.add(Author())
        db.session.commit()

    @app.post("/authors/<int:author_id>/books")
    def add(author_id: int) -> tuple[str, int]:
        db.session.add(Book(author_id=author_id, **request.form))
        try:
            db.session.commit()
        except IntegrityError as error:
            db.session.rollback()
            return str(error.orig), 409
        return "added", 201

    return app
