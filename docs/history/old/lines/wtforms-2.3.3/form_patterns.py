"""Old lines of the page on form patterns; each function returns what came of it."""

from wtforms import Form, StringField
from wtforms.form import BaseForm, FormMeta


def bases():
    return [FormMeta in Form.__mro__, BaseForm in Form.__mro__, type(Form) is FormMeta]


def order():
    class Login(Form):
        name = StringField()

    before = Login._unbound_fields
    Login()
    return [before, [name for name, field in Login._unbound_fields]]


def widget():
    class Login(Form):
        pwd = StringField()

    return type(Login().pwd.widget).__name__


def simple():
    from wtforms.fields import simple

    return simple.StringField.__name__


def rendering():
    class Login(Form):
        name = StringField()

    return Login().name.__html__() == str(Login().name)
