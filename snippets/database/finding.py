"""Find rows as objects, change one, and commit."""

from flask import Flask, request
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
    price: Mapped[int]


def create_app(database: str = "sqlite://") -> Flask:
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = database
    db.init_app(app)
    with app.app_context():
        db.create_all()
        db.session.add_all([Book(title="Emma", price=10), Book(title="Ulysses", price=20)])
        db.session.commit()

    @app.get("/books")
    def cheap() -> list[str]:
        below = request.args.get("below", 100, type=int)
        query = select(Book.title).where(Book.price < below).order_by(Book.title)
        return list(db.session.scalars(query))

    @app.post("/books/<int:key>")
    def change(key: int) -> str:
        book = db.get_or_404(Book, key)
        book.price = request.form.get("price", book.price, type=int)
        db.session.commit()
        return f"{book.title} costs {book.price}"

    return app
