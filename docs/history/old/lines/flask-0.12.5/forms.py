"""Old lines of the page on forms; each function returns what came of it."""


def flask_ext():
    from flask.ext.wtf import FlaskForm

    return FlaskForm.__name__
