"""Pages that continue after the last key instead of counting rows to skip."""

from typing import Any

from flask import Flask, request, url_for
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

SIZE = 4


class Base(DeclarativeBase):
    pass


db = SQLAlchemy(model_class=Base)


class Entry(Base):
    __tablename__ = "entry"
    id: Mapped[int] = mapped_column(primary_key=True)


def create_app(database: str = "sqlite://") -> Flask:
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = database
    db.init_app(app)
    with app.app_context():
        db.create_all()
        db.session.add_all(Entry() for _ in range(6))
        db.session.commit()

    @app.get("/entries")
    def entries() -> dict[str, Any]:
        after = request.args.get("after", 0, type=int)
        # One row more than a page holds shows whether there is another page.
        query = select(Entry.id).where(Entry.id > after).order_by(Entry.id).limit(SIZE + 1)
        found = list(db.session.scalars(query))
        more = len(found) > SIZE
        following = url_for("entries", after=found[SIZE - 1]) if more else None
        return {"ids": found[:SIZE], "next": following}

    return app
