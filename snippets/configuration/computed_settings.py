"""A property is computed if `from_object` is given an instance."""

from flask import Flask


class Settings:
    DATABASE_HOST = "db.internal"

    @property
    def DATABASE_URI(self) -> str:
        return f"postgresql+psycopg://shop@{self.DATABASE_HOST}/shop"


class StagingSettings(Settings):
    DATABASE_HOST = "staging.internal"


def create_app() -> Flask:
    app = Flask(__name__)
    app.config.from_object(StagingSettings())

    @app.get("/")
    def index() -> str:
        return f"{app.config['DATABASE_URI']}"

    return app
