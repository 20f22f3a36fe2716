"""Old lines of the page on forms; each function returns what came of it."""

from wtforms import Form


def secure_form():
    from wtforms.ext.csrf.session import SessionSecureForm

    return SessionSecureForm.__name__
