from datetime import date

from flask import current_app
from flask.ext.login import UserMixin  #> from flask_login import UserMixin
from itsdangerous import TimedJSONWebSignatureSerializer as Serializer  #> from itsdangerous import URLSafeTimedSerializer as Serializer
from itsdangerous import BadSignature
from werkzeug.security import generate_password_hash, check_password_hash

from . import db, login_manager


class Reader(UserMixin, db.Model):
    __tablename__ = 'readers'
    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String(64), unique=True, index=True)
    password_hash = db.Column(db.String(200))
    books = db.relation('Book', backref='reader', lazy='dynamic')

    @property
    def password(self):
        raise AttributeError('only its hash is kept')

    @password.setter
    def password(self, password):
        self.password_hash = generate_password_hash(password)

    def verify_password(self, password):
        return check_password_hash(self.password_hash, password)

    def token(self):
        s = Serializer(current_app.config['SECRET_KEY'], expires_in=600)  #> s = Serializer(current_app.config['SECRET_KEY'])
        return s.dumps({'reader': self.id})

    @staticmethod
    def of_token(token):
        s = Serializer(current_app.config['SECRET_KEY'])
        try:
            return Reader.query.get(s.loads(token)['reader'])
        except BadSignature:
            return None


class Book(db.Model):
    __tablename__ = 'books'
    id = db.Column(db.Integer, primary_key=True)
    title = db.Column(db.String(64))
    read_on = db.Column(db.Date, default=date.today)
    reader_id = db.Column(db.Integer, db.ForeignKey('readers.id'))


@login_manager.user_loader
def load_reader(id):
    return Reader.query.get(int(id))
