"""One table, and the CREATE TABLE that each database gets."""

from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Any, ClassVar
from uuid import UUID

from flask import Flask
from sqlalchemy import JSON, BigInteger, DateTime, LargeBinary, Numeric, String, Text
from sqlalchemy.engine.url import make_url
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.schema import CreateTable


class Base(DeclarativeBase):
    type_annotation_map: ClassVar[dict[Any, Any]] = {dict[str, Any]: JSON}


class State(Enum):
    NEW = 1
    SENT = 2


class Order(Base):
    __tablename__ = "order"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[UUID]
    customer: Mapped[str] = mapped_column(String(50))
    note: Mapped[str | None] = mapped_column(Text)
    big: Mapped[int] = mapped_column(BigInteger)
    share: Mapped[float]
    total: Mapped[Decimal] = mapped_column(Numeric(10, 2))
    paid: Mapped[bool]
    state: Mapped[State]
    at: Mapped[datetime]
    at_zone: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    scan: Mapped[bytes | None] = mapped_column(LargeBinary)
    extra: Mapped[dict[str, Any]]


app = Flask(__name__)


@app.get("/<any(sqlite, mysql, postgresql):name>")
def ddl(name: str) -> tuple[str, dict[str, str]]:
    dialect = make_url(f"{name}://").get_dialect()()
    text = str(CreateTable(Base.metadata.tables["order"]).compile(dialect=dialect))
    return text.strip().replace("\t", "    "), {"Content-Type": "text/plain"}
