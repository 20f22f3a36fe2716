"""Sign the token in a link to a new password, which expires and works once."""

from flask import current_app
from itsdangerous import BadData, URLSafeTimedSerializer
from sqlalchemy import select

from .models import User, db

SECONDS = 30 * 60


def serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="a new password")


def make(user: User) -> str:
    # every new password increases the generation, so the token works once
    return str(serializer().dumps((user.id, user.generation)))


def user_of(token: str) -> User | None:
    try:
        user_id, generation = serializer().loads(token, max_age=SECONDS)
    except BadData:
        return None
    return db.session.scalar(select(User).filter_by(id=user_id, generation=generation))
