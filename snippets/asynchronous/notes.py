"""Query with an AsyncSession of SQLAlchemy; no connection outlives its event loop."""

from flask import Flask, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.pool import NullPool


class Base(DeclarativeBase):
    pass


class Note(Base):
    __tablename__ = "note"

    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str]


def create_app() -> Flask:
    app = Flask(__name__)
    app.config["DATABASE_URL"] = "postgresql+asyncpg://postgres@127.0.0.1/postgres"
    app.config.from_prefixed_env("SHOP")
    # each request has an event loop of its own, so it needs a connection of its own
    engine = create_async_engine(app.config["DATABASE_URL"], poolclass=NullPool)
    new_session = async_sessionmaker(engine, expire_on_commit=False)

    @app.post("/notes")
    async def add() -> ResponseReturnValue:
        note = Note(text=request.form["text"])
        # commits in the end, and rolls back after an exception
        async with new_session.begin() as session:
            session.add(note)
        return {"id": note.id}, 201

    @app.get("/notes")
    async def notes() -> ResponseReturnValue:
        async with new_session() as session:
            found = await session.scalars(select(Note).order_by(Note.id).limit(50))
            return [{"id": note.id, "text": note.text} for note in found]

    return app
