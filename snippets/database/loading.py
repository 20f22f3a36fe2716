"""The same page with each way to load a relationship, and how many statements it took."""

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.record_queries import get_recorded_queries
from sqlalchemy import ForeignKey, String, orm, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

LOAD = {
    "lazy": orm.lazyload,
    "selectin": orm.selectinload,
    "joined": orm.joinedload,
    "subquery": orm.subqueryload,
    "raise": orm.raiseload,
}


class Base(DeclarativeBase):
    pass


db = SQLAlchemy(model_class=Base)


class Author(Base):
    __tablename__ = "author"
    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    books: Mapped[list["Book"]] = relationship()


class Book(Base):
    __tablename__ = "book"
    id: Mapped[int] = mapped_column(primary_key=True)
    author_name: Mapped[str] = mapped_column(ForeignKey(Author.name))


def create_app(database: str = "sqlite://", authors: int = 10) -> Flask:
    app = Flask(__name__)
    app.config.update(SQLALCHEMY_DATABASE_URI=database, SQLALCHEMY_RECORD_QUERIES=True)
    db.init_app(app)
    with app.app_context():
        db.create_all()
        db.session.add_all(Author(name=f"{n}", books=[Book(), Book()]) for n in range(authors))
        db.session.commit()

    @app.get("/<how>")
    def count(how: str) -> dict[str, int]:
        query = select(Author).options(LOAD[how](Author.books))
        found = db.session.scalars(query).unique().all()
        books = sum(len(author.books) for author in found)
        return {"books": books, "statements": len(get_recorded_queries())}

    return app
