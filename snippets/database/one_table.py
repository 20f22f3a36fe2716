"""A class with types, and the table that SQLAlchemy makes from it."""

from flask import Flask
from sqlalchemy import String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.schema import CreateTable


class Base(DeclarativeBase):
    pass


class Book(Base):
    __tablename__ = "book"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(80), unique=True)
    pages: Mapped[int | None]


app = Flask(__name__)


@app.get("/")
def ddl() -> tuple[str, dict[str, str]]:
    create = str(CreateTable(Base.metadata.tables["book"]))
    return create.strip().replace("\t", "    "), {"Content-Type": "text/plain"}
