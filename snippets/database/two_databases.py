"""Two databases in one application: the second has a bind key."""

from flask import Flask, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import String, func, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


db = SQLAlchemy(model_class=Base)


class Order(Base):
    __tablename__ = "order"
    id: Mapped[int] = mapped_column(primary_key=True)


# db.Model, because Base does not support bind keys.
class Audit(db.Model):  # type: ignore[misc, name-defined]
    __bind_key__ = "audit"
    id: Mapped[int] = mapped_column(primary_key=True)
    path: Mapped[str] = mapped_column(String(200))


def create_app(database: str = "sqlite://", audit_database: str = "sqlite://") -> Flask:
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = database
    app.config["SQLALCHEMY_BINDS"] = {"audit": audit_database}
    db.init_app(app)
    with app.app_context():
        db.create_all()

    @app.post("/orders")
    def add() -> dict[str, int | None]:
        db.session.add_all([Order(), Audit(path=request.path)])
        db.session.commit()
        orders = db.session.scalar(select(func.count(Order.id)))
        return {"orders": orders, "audit": db.session.scalar(select(func.count(Audit.id)))}

    return app
