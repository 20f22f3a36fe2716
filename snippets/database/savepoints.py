"""A savepoint for each name, so that a name that is refused does not undo the others."""

from flask import Flask, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import String, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


db = SQLAlchemy(model_class=Base)


class Tag(Base):
    __tablename__ = "tag"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(20), unique=True)


def create_app(database: str = "sqlite://") -> Flask:
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = database
    db.init_app(app)
    with app.app_context():
        db.create_all()

    @app.post("/import")
    def import_tags() -> dict[str, list[str] | int | None]:
        refused = []
        for name in request.form["names"].split(","):
            try:
                with db.session.begin_nested():
                    db.session.add(Tag(name=name))
            except IntegrityError:
                refused.append(name)
        db.session.commit()
        return {"refused": refused, "stored": db.session.scalar(select(func.count(Tag.id)))}

    return app
