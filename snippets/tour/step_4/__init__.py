"""The application is made by a function, from a part for the data and a part for the pages."""

from flask import Flask

from . import models, pages


def create_app(database: str = "sqlite://") -> Flask:
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = database
    app.config.from_prefixed_env()
    models.db.init_app(app)
    with app.app_context():
        models.db.create_all()
    app.register_blueprint(pages.bp)
    return app
