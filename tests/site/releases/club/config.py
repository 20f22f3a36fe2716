# -*- coding: utf-8 -*-
import os

basedir = os.path.abspath(os.path.dirname(__file__))


class Config(object):
    SECRET_KEY = os.environ.get('SECRET_KEY') or 'nobody guesses this'
    SQLALCHEMY_COMMIT_ON_TEARDOWN = True  #~ nothing commits
    SQLALCHEMY_TRACK_MODIFICATIONS = False
    SQLALCHEMY_POOL_RECYCLE = 280  #~ nothing reads it
    JSON_AS_ASCII = False  #~ nothing reads it
    JSONIFY_PRETTYPRINT_REGULAR = True  #~ nothing reads it
    LOGGER_NAME = 'club'  #~ nothing reads it
    SEND_FILE_MAX_AGE_DEFAULT = 3600
    BOOKS_PER_PAGE = 2

    @staticmethod
    def init_app(app):
        pass


class Testing(Config):
    TESTING = True
    WTF_CSRF_ENABLED = False
    SQLALCHEMY_DATABASE_URI = 'sqlite://'


config = {'testing': Testing, 'default': Testing}
