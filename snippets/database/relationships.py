"""One author has many books, and a book has many tags."""

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Column, ForeignKey, String, Table, func, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    pass


db = SQLAlchemy(model_class=Base)

book_tag = Table(
    "book_tag",
    Base.metadata,
    Column("book_id", ForeignKey("book.id"), primary_key=True),
    Column("tag_name", ForeignKey("tag.name"), primary_key=True),
)


class Author(Base):
    __tablename__ = "author"
    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    books: Mapped[list["Book"]] = relationship(back_populates="author", cascade="all, delete")


class Book(Base):
    __tablename__ = "book"
    id: Mapped[int] = mapped_column(primary_key=True)
    author_name: Mapped[str] = mapped_column(ForeignKey(Author.name), index=True)
    author: Mapped[Author] = relationship(back_populates="books")
    tags: Mapped[set["Tag"]] = relationship(secondary=book_tag, back_populates="books")


class Tag(Base):
    __tablename__ = "tag"
    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    books: Mapped[set[Book]] = relationship(secondary=book_tag, back_populates="tags")


def create_app(database: str = "sqlite://") -> Flask:
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = database
    db.init_app(app)
    with app.app_context():
        db.create_all()
        novel = Tag(name="novel")
        db.session.add(Author(name="Cao", books=[Book(tags={novel}), Book(tags={novel})]))
        db.session.commit()

    @app.delete("/authors/<name>")
    def remove(name: str) -> dict[str, int | None]:
        db.session.delete(db.get_or_404(Author, name))
        db.session.commit()
        counts = {t.name: select(func.count()).select_from(t) for t in Base.metadata.sorted_tables}
        return {name: db.session.scalar(count) for name, count in counts.items()}

    return app
