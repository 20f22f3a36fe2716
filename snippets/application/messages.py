"""Send a message to a phone, through a gateway or to the log."""

from flask import current_app


def send(number: str, text: str) -> None:
    try:
        current_app.config["SEND_MESSAGE"](number, text)
    except Exception:
        # another response would reveal that the number is registered
        current_app.logger.exception("A message was not sent.")


def to_log(number: str, text: str) -> None:
    current_app.logger.warning("There is no gateway for messages. To %s: %s", number, text)
