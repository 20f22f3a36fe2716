"""The tables of users, notes, the audit trail and the counters of attempts."""

from datetime import UTC, datetime

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Double, ForeignKey, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


db = SQLAlchemy(model_class=Base)


def now() -> datetime:
    # without a time zone, which SQLite and MariaDB do not keep
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)


class User(Base):
    __tablename__ = "user"
    id: Mapped[int] = mapped_column(primary_key=True)
    mobile: Mapped[str] = mapped_column(String(16), unique=True)
    password_hash: Mapped[str] = mapped_column(String(255))
    generation: Mapped[int] = mapped_column(default=0)  # sessions with another number have ended


class Note(Base):
    __tablename__ = "note"
    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey(User.id), index=True)
    title: Mapped[str] = mapped_column(String(100))
    text: Mapped[str] = mapped_column(Text)
    changed: Mapped[datetime] = mapped_column(default=now, onupdate=now)
    version: Mapped[int] = mapped_column()
    # an UPDATE also compares the version that was read, and increases it
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class AuditEntry(Base):
    __tablename__ = "audit_entry"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=now)
    event: Mapped[str] = mapped_column(String(32))
    user_id: Mapped[int | None] = mapped_column(
        index=True
    )  # no foreign key: the trail outlives the account
    address: Mapped[str] = mapped_column(String(45))
    request_id: Mapped[str] = mapped_column(String(64))


class Attempt(Base):
    __tablename__ = "attempt"
    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    count: Mapped[int]
    until: Mapped[float] = mapped_column(Double, index=True)
