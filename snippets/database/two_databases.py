"""Two databases in one application: the second has a bind key."""

from flask import Flask, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Column, Integer, String, func, insert, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


db = SQLAlchemy(model_class=Base)


class Order(Base):
    __tablename__ = "order"
    id: Mapped[int] = mapped_column(primary_key=True)


audit = db.Table(
    "audit",
    Column("id", Integer, primary_key=True),
    Column("path", String(200)),
    bind_key="audit",
)


def create_app(database: str = "sqlite://", audit_database: str = "sqlite://") -> Flask:
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = database
    app.config["SQLALCHEMY_BINDS"] = {"audit": audit_database}
    db.init_app(app)
    with app.app_context():
        db.create_all()

    @app.post("/orders")
    def add() -> dict[str, int | None]:
        db.session.add(Order())
        db.session.execute(insert(audit).values(path=request.path))
        db.session.commit()
        tables = (Base.metadata.tables["order"], audit)
        return {t.name: db.session.scalar(select(func.count()).select_from(t)) for t in tables}

    return app
