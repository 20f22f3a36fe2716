"""The most common queries of a view, one statement each."""

from flask import Flask, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import String, delete, func, select, text, update
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


db = SQLAlchemy(model_class=Base)


class Book(Base):
    __tablename__ = "book"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(80))
    price: Mapped[int]


def create_app(database: str = "sqlite://") -> Flask:
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = database
    db.init_app(app)
    with app.app_context():
        db.create_all()
        for number, title in enumerate(["Emma", "Ulysses", "红楼梦"], 1):
            db.session.add(Book(title=title, price=number * 10))
        db.session.commit()

    @app.get("/books/<title>")
    def by_title(title: str) -> dict[str, int]:
        book = db.one_or_404(select(Book).filter_by(title=title))
        return {"price": book.price}

    @app.get("/search")
    def search() -> list[str]:
        query = select(Book.title).where(Book.title.icontains(request.args["q"], autoescape=True))
        return list(db.session.scalars(query.order_by(Book.price.desc()).limit(10)))

    @app.get("/sql")
    def sql() -> list[str]:
        found = db.session.execute(text("SELECT title FROM book WHERE title = :q"), request.args)
        return list(found.scalars())

    @app.post("/discount")
    def discount() -> dict[str, int]:
        db.session.execute(update(Book).where(Book.price > 15).values(price=Book.price - 5))
        db.session.execute(delete(Book).where(Book.price < 15))
        db.session.commit()
        count, total = db.session.execute(select(func.count(), func.sum(Book.price))).one()
        return {"books": count, "total": int(total)}

    return app
