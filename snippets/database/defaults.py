"""What fills a column that you do not set: Python, or the database."""

from flask import Flask, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import String, select, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

INSERT = text("INSERT INTO page (title) VALUES (:title)")
UPDATE = text("UPDATE page SET title = :title WHERE id = 1")


class Base(DeclarativeBase):
    pass


db = SQLAlchemy(model_class=Base)


class Page(Base):
    __tablename__ = "page"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(80))
    tags: Mapped[str | None] = mapped_column(String(80), default=lambda: "new")
    edits: Mapped[int | None] = mapped_column(default=0, onupdate=text("edits + 1"))
    source: Mapped[str] = mapped_column(String(20), server_default="unknown")


def create_app(database: str = "sqlite://") -> Flask:
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = database
    db.init_app(app)
    with app.app_context():
        db.create_all()

    @app.post("/<any(orm, sql):how>")
    def add(how: str) -> str:
        if how == "orm":
            db.session.add(Page(title=request.form["title"]))
        else:
            db.session.execute(INSERT, request.form)
        db.session.commit()
        return "added"

    @app.put("/<any(orm, sql):how>")
    def rename(how: str) -> str:
        if how == "orm":
            db.get_or_404(Page, 1).title = request.form["title"]
        else:
            db.session.execute(UPDATE, request.form)
        db.session.commit()
        return "renamed"

    @app.get("/")
    def show() -> list[dict[str, str | int | None]]:
        columns = (Page.title, Page.tags, Page.edits, Page.source)
        return [dict(row) for row in db.session.execute(select(*columns)).mappings()]

    return app
