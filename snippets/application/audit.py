"""Send signals about what happened, and record them in a separate transaction."""

from functools import partial

from blinker import Namespace
from flask import Flask, request
from sqlalchemy import insert
from sqlalchemy.exc import SQLAlchemyError

from .models import AuditEntry, db

events = Namespace()
registered = events.signal("registered")
logged_in = events.signal("logged-in")
login_failed = events.signal("login-failed")
link_sent = events.signal("link-sent")
password_changed = events.signal("password-changed")
logged_out_everywhere = events.signal("logged-out-everywhere")
note_deleted = events.signal("note-deleted")


def record(event: str, sender: Flask, user_id: int | None, **extra: object) -> None:
    entry = insert(AuditEntry).values(
        event=event,
        user_id=user_id,
        address=request.remote_addr or "",
        request_id=request.environ["request_id.value"],
    )
    try:
        with db.engine.begin() as connection:
            connection.execute(entry)
    except SQLAlchemyError:
        # the change itself is already committed
        sender.logger.exception("The audit trail has a gap: %s by user %s", event, user_id)


def init_app(app: Flask) -> None:
    for event, signal in events.items():
        # a strong reference, because nothing else refers to the partial
        signal.connect(partial(record, event), app, weak=False)
