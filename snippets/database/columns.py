"""The same table twice: as a class and as a Table, with most arguments of Column."""

from datetime import UTC, datetime

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.schema import CreateIndex, CreateTable


def now() -> datetime:
    return datetime.now(UTC)


class Base(DeclarativeBase):
    pass


class Member(Base):
    __tablename__ = "member"
    id: Mapped[int] = mapped_column(primary_key=True)
    mail: Mapped[str] = mapped_column(sa.String(120), unique=True)
    # The attribute is called name, the column display_name.
    name: Mapped[str] = mapped_column("display_name", sa.String(50), index=True)
    nick: Mapped[str | None] = mapped_column(sa.String(50))
    logins: Mapped[int] = mapped_column(sa.CheckConstraint("logins >= 0"), default=0)
    active: Mapped[bool] = mapped_column(server_default=sa.true())
    level: Mapped[int | None] = mapped_column("level", quote=True)
    changed: Mapped[datetime | None] = mapped_column(onupdate=now)


member = sa.Table(
    "member",
    sa.MetaData(),
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("mail", sa.String(120), unique=True, nullable=False),
    sa.Column("display_name", sa.String(50), key="name", index=True, nullable=False),
    sa.Column("nick", sa.String(50)),
    sa.Column("logins", sa.Integer, sa.CheckConstraint("logins >= 0"), default=0, nullable=False),
    sa.Column("active", sa.Boolean, server_default=sa.true(), nullable=False),
    sa.Column("level", sa.Integer, quote=True),
    sa.Column("changed", sa.DateTime, onupdate=now),
)

app = Flask(__name__)


@app.get("/<any(declarative, core):form>")
def ddl(form: str) -> tuple[str, dict[str, str]]:
    table = Base.metadata.tables["member"] if form == "declarative" else member
    dialect = sa.make_url("sqlite://").get_dialect()()
    create = str(CreateTable(table).compile(dialect=dialect)).strip().replace("\t", "    ")
    indexes = [str(CreateIndex(index).compile(dialect=dialect)) for index in table.indexes]
    return "\n".join([create, *indexes]), {"Content-Type": "text/plain"}
