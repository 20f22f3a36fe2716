"""A version in each row: a change of an old version is refused instead of overwriting the new one."""

from flask import Flask, abort, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.orm.exc import StaleDataError


class Base(DeclarativeBase):
    pass


db = SQLAlchemy(model_class=Base)


class Page(Base):
    __tablename__ = "page"
    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(String(200))
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


def create_app(database: str = "sqlite://") -> Flask:
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = database
    db.init_app(app)
    with app.app_context():
        db.create_all()
        db.session.add(Page(id=1, text="draft"))
        db.session.commit()

    @app.put("/pages/1")
    def change() -> dict[str, int]:
        page = db.get_or_404(Page, 1)
        # The version that the client has read, minutes ago.
        if page.version != int(request.form["version"]):
            abort(409, "The page has changed.")
        page.text = request.form["text"]
        try:
            db.session.commit()
        except StaleDataError:
            # Another request changed it between our SELECT and our UPDATE.
            abort(409, "The page has changed.")
        return {"version": page.version}

    return app
