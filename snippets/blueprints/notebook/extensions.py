"""What all modules share is made here, without an application."""

from flask import Flask, current_app


class Storage:
    def init_app(self, app: Flask) -> None:
        # each application has notes of its own
        app.extensions["storage"] = list(app.config["FIRST_NOTES"])

    @property
    def notes(self) -> list[str]:
        notes: list[str] = current_app.extensions["storage"]
        return notes


storage = Storage()
