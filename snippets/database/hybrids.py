"""A property that Python computes for an object, and the database for a query."""

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import ColumnElement, ForeignKey, func, select
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    pass


db = SQLAlchemy(model_class=Base)


class Item(Base):
    __tablename__ = "item"
    id: Mapped[int] = mapped_column(primary_key=True)
    cart_id: Mapped[int] = mapped_column(ForeignKey("cart.id"))
    cents: Mapped[int]
    number: Mapped[int]

    @hybrid_property
    def total(self) -> int:
        return self.cents * self.number


class Cart(Base):
    __tablename__ = "cart"
    id: Mapped[int] = mapped_column(primary_key=True)
    items: Mapped[list[Item]] = relationship()

    @hybrid_property
    def total(self) -> int:
        return sum(item.total for item in self.items)

    @total.inplace.expression
    @classmethod
    def _total(cls) -> ColumnElement[int]:
        prices = select(func.coalesce(func.sum(Item.total), 0)).where(Item.cart_id == cls.id)
        return prices.scalar_subquery()


def create_app(database: str = "sqlite://") -> Flask:
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = database
    db.init_app(app)
    with app.app_context():
        db.create_all()
        db.session.add(Cart(items=[Item(cents=450, number=2), Item(cents=1200, number=1)]))
        db.session.add(Cart())
        db.session.commit()

    @app.get("/carts")
    def carts() -> list[int]:
        found = db.session.scalars(select(Cart).where(Cart.total > 2000))
        return [cart.total for cart in found]

    return app
