"""A queue in a table: each worker takes the first job that no other one holds."""

from collections.abc import Callable

from flask import Flask, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import String, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


db = SQLAlchemy(model_class=Base)


class Job(Base):
    __tablename__ = "job"
    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(String(200))


def work(do: Callable[[str], object]) -> str | None:
    """Do one job and delete it; a job that fails stays in the table."""
    job = db.session.scalar(select(Job).order_by(Job.id).limit(1).with_for_update(skip_locked=True))
    if job is None:
        return None
    text = job.text
    do(text)
    db.session.delete(job)
    db.session.commit()
    return text


def create_app(database: str = "sqlite://") -> Flask:
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = database
    db.init_app(app)
    with app.app_context():
        db.create_all()

    @app.post("/jobs")
    def add() -> tuple[str, int]:
        db.session.add(Job(text=request.form["text"]))
        db.session.commit()
        return "waiting", 202

    @app.post("/work")
    def one() -> list[str | None]:
        return [work(str.upper)]

    return app
