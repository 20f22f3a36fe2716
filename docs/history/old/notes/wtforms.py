"""What the notebook says of WTForms, tried line by line; each function returns what happened."""

from wtforms import Form, PasswordField, StringField
from wtforms.fields import simple
from wtforms.form import BaseForm, FormMeta


class LoginForm(Form):
    name = simple.StringField()
    pwd = simple.StringField()
    _hidden = simple.StringField()


def metaclass():
    return type(LoginForm).__name__


def before():
    class Fresh(Form):
        name = simple.StringField()

    return "%s %s" % (Fresh._unbound_fields, Fresh._wtforms_meta)


def names():
    return ", ".join(n for n in ("__unbound__field", "__wtforms_meta", "_doc__", "_unbound_fields", "_wtforms_meta", "__doc__")
                     if hasattr(LoginForm, n))


def unbound():
    return type(LoginForm.name).__name__


def bases():
    return "FormMeta a base: %s, BaseForm a base: %s" % (FormMeta in Form.__mro__, BaseForm in Form.__mro__)


def call():
    return "FormMeta.__call__" if "__call__" in FormMeta.__dict__ else "elsewhere"


def own_call():
    return "__call__" in LoginForm.__dict__ or "__call__" in Form.__dict__


def filtered():
    LoginForm()
    return ", ".join(name for name, _ in LoginForm._unbound_fields)


def widget():
    return type(LoginForm().pwd.widget).__name__


def password_widget():
    class Right(Form):
        pwd = PasswordField()

    return type(Right().pwd.widget).__name__


def rendered():
    form = LoginForm()
    steps = []

    class Meta(object):
        def render_field(self, field, render_kw):
            steps.append("meta.render_field")
            return field.widget(field, **render_kw)

    form.name.meta = Meta()
    widget = form.name.widget
    form.name.widget = lambda field, **kw: steps.append("widget") or widget(field, **kw)
    text = str(form.name)
    return "%s: %s" % (", ".join(steps), text)


def markup():
    return type(LoginForm().name()).__name__


def process():
    found = []

    class Watched(LoginForm):
        def process(self, *args, **kwargs):
            found.append("process")
            return super().process(*args, **kwargs)

    Watched()
    return ", ".join(found) + (" of BaseForm" if "process" in BaseForm.__dict__ else "")


def validate():
    return LoginForm().validate()


def from_simple():
    return simple.StringField is StringField
