"""Old lines of the page on migrations; each function returns what came of it."""


def migrate_command():
    from flask_migrate import MigrateCommand

    return MigrateCommand


def ext_migrate():
    from flask.ext.migrate import Migrate

    return Migrate
