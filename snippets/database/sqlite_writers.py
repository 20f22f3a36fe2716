"""SQLite with several writers: each waits for its turn instead of failing with "database is locked"."""

from sqlite3 import Connection as SQLiteConnection

from flask import Flask, has_request_context, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, event, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


db = SQLAlchemy(model_class=Base)


class Counter(Base):
    __tablename__ = "counter"
    id: Mapped[int] = mapped_column(primary_key=True)
    count: Mapped[int]


def take_turns(engine: Engine) -> None:
    """Let readers work beside a writer, and begin a transaction that may write by waiting for its turn."""

    @event.listens_for(engine, "connect")
    def set_up(connection: SQLiteConnection, record: object) -> None:
        # Python does not begin transactions by itself any more: the function below does.
        connection.isolation_level = None
        connection.execute("PRAGMA journal_mode = WAL")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        reads = has_request_context() and request.method in ("GET", "HEAD")
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def create_app(database: str = "sqlite://") -> Flask:
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = database
    # Seconds that a connection waits for its turn.
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"connect_args": {"timeout": 30}}
    db.init_app(app)
    with app.app_context():
        take_turns(db.engine)
        db.create_all()
        db.session.merge(Counter(id=1, count=0))
        db.session.commit()

    @app.post("/")
    def add() -> str:
        counter = db.session.scalars(select(Counter)).one()
        counter.count = count = counter.count + 1
        db.session.commit()
        return str(count)

    return app
