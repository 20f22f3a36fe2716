"""What several models have in common: a base for all, mixins for some, annotated types for columns."""

from datetime import UTC, datetime
from typing import Annotated

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column, relationship

Key = Annotated[int, mapped_column(primary_key=True, sort_order=-1)]
Name = Annotated[str, mapped_column(String(80), index=True)]


def now() -> datetime:
    """Return the time in UTC, without its zone, which SQLite and MariaDB do not store."""
    return datetime.now(UTC).replace(tzinfo=None)


class Base(DeclarativeBase):
    id: Mapped[Key]

    @declared_attr.directive
    @classmethod
    def __tablename__(cls) -> str:
        return cls.__name__.lower()


db = SQLAlchemy(model_class=Base)


class User(Base):
    name: Mapped[Name]


class Dated:
    created: Mapped[datetime] = mapped_column(default=now)
    changed: Mapped[datetime] = mapped_column(default=now, onupdate=now)


class Owned:
    owner_id: Mapped[int] = mapped_column(ForeignKey(User.id))

    @declared_attr
    @classmethod
    def owner(cls) -> Mapped[User]:
        return relationship(User)


class Note(Dated, Owned, Base):
    title: Mapped[Name]


app = Flask(__name__)


@app.get("/tables")
def tables() -> dict[str, list[str]]:
    return {name: list(table.columns.keys()) for name, table in Base.metadata.tables.items()}
