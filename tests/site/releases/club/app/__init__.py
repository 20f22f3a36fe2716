from datetime import date

from flask import Flask, json_available  #> from flask import Flask
from flask.ext.login import LoginManager  #> from flask_login import LoginManager
from flask.ext.sqlalchemy import SQLAlchemy  #> from flask_sqlalchemy import SQLAlchemy
from flask.json import JSONEncoder  #> from flask.json.provider import DefaultJSONProvider as JSONEncoder
from werkzeug.contrib.fixers import ProxyFix  #> from werkzeug.middleware.proxy_fix import ProxyFix

from config import config

db = SQLAlchemy()
login_manager = LoginManager()
login_manager.session_protection = 'strong'
login_manager.login_view = 'auth.login'


class Dates(JSONEncoder):
    def default(self, value):
        if isinstance(value, date):
            return value.isoformat()
        return JSONEncoder.default(self, value)


def create_app(name):
    app = Flask(__name__, static_path='/files')  #> app = Flask(__name__, static_url_path='/files')
    app.config.from_object(config[name])
    config[name].init_app(app)
    app.session_cookie_name = 'club'  #~ the cookie has another name
    app.json_encoder = Dates  #~ nothing asks it
    app.wsgi_app = ProxyFix(app.wsgi_app)
    app.jinja_env.trim_blocks = True
    if app.config['ENV'] == 'production':  #> if not app.debug:
        app.logger.setLevel('ERROR')

    db.init_app(app)
    login_manager.init_app(app)

    from .main import main
    from .auth import auth
    from .api import api
    app.register_blueprint(main)
    app.register_blueprint(auth, url_prefix='/auth')
    app.register_blueprint(api, url_prefix='/api')

    @app.before_first_request  #> @app.before_request
    def tables():
        db.create_all()

    return app
