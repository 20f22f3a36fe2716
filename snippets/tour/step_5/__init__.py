"""Each form has a token, and each change a message."""

from flask import Flask
from flask_wtf import CSRFProtect

# in your package: a module of its own
from snippets.tour.step_4 import models

from . import pages

csrf = CSRFProtect()


def create_app(database: str = "sqlite://") -> Flask:
    app = Flask(__name__)
    app.config.update(SQLALCHEMY_DATABASE_URI=database, SECRET_KEY="dev")
    app.config.from_prefixed_env()
    models.db.init_app(app)
    csrf.init_app(app)
    with app.app_context():
        models.db.create_all()
    app.register_blueprint(pages.bp)
    return app
