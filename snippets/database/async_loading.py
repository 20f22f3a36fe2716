"""Three ways to read with an AsyncSession what the first query has not loaded."""

from flask import Flask
from sqlalchemy import ForeignKey, select
from sqlalchemy.ext.asyncio import AsyncAttrs, async_sessionmaker, create_async_engine
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    Session,
    mapped_column,
    relationship,
    selectinload,
)
from sqlalchemy.pool import NullPool


class Base(AsyncAttrs, DeclarativeBase):
    pass


class Author(Base):
    __tablename__ = "author"
    id: Mapped[int] = mapped_column(primary_key=True)
    books: Mapped[list["Book"]] = relationship()


class Book(Base):
    __tablename__ = "book"
    id: Mapped[int] = mapped_column(primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey(Author.id))


def create_app(database: str = "postgresql+asyncpg://shop@db.example/shop") -> Flask:
    app = Flask(__name__)
    new_session = async_sessionmaker(create_async_engine(database, poolclass=NullPool))

    @app.get("/query")
    async def in_the_query() -> str:
        async with new_session() as session:
            with_books = select(Author).options(selectinload(Author.books))
            return str(len((await session.scalars(with_books)).one().books))

    @app.get("/attribute")
    async def awaited() -> str:
        async with new_session() as session:
            author = (await session.scalars(select(Author))).one()
            return str(len(await author.awaitable_attrs.books))

    @app.get("/function")
    async def in_a_plain_function() -> str:
        def count(session: Session) -> int:
            return len(session.scalars(select(Author)).one().books)

        async with new_session() as session:
            return str(await session.run_sync(count))

    return app
