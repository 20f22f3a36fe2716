"""What a request does with the pool and the database, recorded by events."""

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


db = SQLAlchemy(model_class=Base)


class Visit(Base):
    __tablename__ = "visit"
    id: Mapped[int] = mapped_column(primary_key=True)


def create_app(database: str = "sqlite://") -> Flask:
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = database
    db.init_app(app)
    steps: list[str] = []
    with app.app_context():
        db.create_all()
        for name in ("checkout", "begin", "commit", "rollback", "checkin"):
            event.listen(db.engine, name, lambda *_, name=name: steps.append(name))

        @event.listens_for(db.engine, "before_cursor_execute")
        def statement(*arguments: object) -> None:
            steps.append(str(arguments[2]).split()[0])

    @app.get("/read")
    def read() -> str:
        return f"{len(db.session.scalars(select(Visit)).all())} visits"

    @app.get("/write")
    def write() -> str:
        db.session.add(Visit())
        db.session.commit()
        return "stored"

    @app.get("/steps")
    def show() -> list[str]:
        done = list(steps)
        steps.clear()
        return done

    return app
