"""End all sessions of a user by increasing the number that each session contains."""

from typing import Any, cast

import sqlalchemy as sa
from werkzeug.security import generate_password_hash

from .models import User, db


def end_all_sessions(user: User) -> None:
    # computed by the database, so two requests at once increase it by two
    user.generation = User.generation + 1
    db.session.commit()


def set_password(user: User, password: str) -> bool:
    """Change the password and end all sessions, unless another request has done so meanwhile."""
    row = sa.update(User).where(User.id == user.id, User.generation == user.generation)
    new = {"password_hash": generate_password_hash(password), "generation": User.generation + 1}
    done = db.session.execute(row.values(new))
    db.session.commit()
    return cast(sa.CursorResult[Any], done).rowcount == 1
