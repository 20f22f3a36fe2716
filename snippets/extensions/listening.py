"""The application hears of each new notice by a signal of the extension."""

from flask import Flask

from snippets.extensions import using
from snippets.extensions.flask_notice import changed


def create_app() -> Flask:
    app = using.create_app()

    def note_down(sender: Flask, text: str) -> None:
        sender.logger.warning("new notice: %s", text)

    # not weak: the function would be gone when create_app returns
    changed.connect(note_down, app, weak=False)
    return app
