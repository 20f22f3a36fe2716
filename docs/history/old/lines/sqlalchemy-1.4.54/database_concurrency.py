"""Old lines of the page on locks; each function returns what came of it."""

from sqlalchemy import Column, Integer
from sqlalchemy.orm import Session, declarative_base


class Room(declarative_base()):
    __tablename__ = "rooms"
    id = Column(Integer, primary_key=True)


def lockmode():
    return str(Session().query(Room).with_lockmode("update")).endswith("FOR UPDATE")


def for_update():
    return str(Session().query(Room).with_for_update()).endswith("FOR UPDATE")
