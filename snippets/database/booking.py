"""A lock on a row, so that one request at a time checks and books."""

from flask import Flask, abort, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import ForeignKey, exists, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


db = SQLAlchemy(model_class=Base)


class Room(Base):
    __tablename__ = "room"
    id: Mapped[int] = mapped_column(primary_key=True)


class Booking(Base):
    __tablename__ = "booking"
    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey(Room.id))
    first: Mapped[int]
    last: Mapped[int]


def create_app(database: str = "sqlite://") -> Flask:
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = database
    db.init_app(app)
    with app.app_context():
        db.create_all()
        db.session.add(Room(id=1))
        db.session.commit()

    @app.post("/rooms/<int:room_id>/bookings")
    def book(room_id: int) -> tuple[str, int]:
        first, last = int(request.form["first"]), int(request.form["last"])
        # Who comes second waits here until the first one has committed.
        db.get_or_404(Room, room_id, with_for_update=True)
        overlaps = exists().where(
            Booking.room_id == room_id, Booking.first <= last, Booking.last >= first
        )
        if db.session.scalar(select(overlaps)):
            abort(409, "The room is taken.")
        db.session.add(Booking(room_id=room_id, first=first, last=last))
        db.session.commit()
        return "booked", 201

    return app
