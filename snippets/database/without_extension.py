"""SQLAlchemy without Flask-SQLAlchemy: one engine for the application, a session for each request."""

from flask import Flask, g, request
from sqlalchemy import String, create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.pool import StaticPool


class Base(DeclarativeBase):
    pass


class Note(Base):
    __tablename__ = "note"
    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(String(200))


app = Flask(__name__)
# The two options are for a database in memory: all threads share one connection.
engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
Base.metadata.create_all(engine)


def get_session() -> Session:
    """Return the session of this request, and create it if there is none."""
    if "session" not in g:
        g.session = Session(engine)
    session: Session = g.session
    return session


@app.teardown_appcontext
def close_session(error: BaseException | None) -> None:
    if "session" in g:
        g.session.close()


@app.post("/notes")
def add() -> tuple[str, int]:
    get_session().add(Note(text=request.form["text"]))
    get_session().commit()
    return "added", 201


@app.get("/notes")
def show_all() -> list[str]:
    return list(get_session().scalars(select(Note.text).order_by(Note.id)))
