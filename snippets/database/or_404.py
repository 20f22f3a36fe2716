"""Status 404 instead of None: by key, the first of several rows, the only row."""

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import String, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


db = SQLAlchemy(model_class=Base)


class Book(Base):
    __tablename__ = "book"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(80))
    year: Mapped[int]


def create_app(database: str = "sqlite://") -> Flask:
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = database
    db.init_app(app)
    with app.app_context():
        db.create_all()
        for title, year in (("Emma", 1815), ("Emma", 2020), ("Persuasion", 1817)):
            db.session.add(Book(title=title, year=year))
        db.session.commit()

    @app.get("/books/<int:key>")
    def by_key(key: int) -> str:
        return db.get_or_404(Book, key).title

    @app.get("/first/<title>")
    def first(title: str) -> str:
        editions = select(Book).filter_by(title=title).order_by(Book.year)
        book: Book = db.first_or_404(editions, description=f"No edition of {title}.")
        return str(book.year)

    @app.get("/only/<title>")
    def only(title: str) -> str:
        book: Book = db.one_or_404(select(Book).filter_by(title=title))
        return str(book.year)

    return app
