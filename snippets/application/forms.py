"""The forms, and which rules hold for each field."""

from wtforms import IntegerField, PasswordField, StringField, TextAreaField
from wtforms.validators import EqualTo, InputRequired, Length
from wtforms.widgets import HiddenInput

from .base_form import Form
from .languages import marked
from .mobile import normalize
from .validators import mobile_number, printable, unix_lines, visible


class ForgotForm(Form):
    mobile = StringField(marked("Mobile number"), [mobile_number], [normalize])


class LoginForm(ForgotForm):
    password = PasswordField(marked("Password"), [InputRequired()])


class NewPasswordForm(Form):
    password = PasswordField(marked("New password"), [InputRequired(), Length(8, 200)])
    again = PasswordField(
        marked("Password again"), [EqualTo("password", marked("The passwords differ."))]
    )


class ChangePasswordForm(NewPasswordForm):
    current = PasswordField(marked("Current password"), [InputRequired()])


class RegistrationForm(ForgotForm, NewPasswordForm):
    password = PasswordField(marked("Password"), [InputRequired(), Length(8, 200)])


class NoteForm(Form):
    title = StringField(marked("Title"), [InputRequired(), Length(max=100), printable, visible])
    text = TextAreaField(marked("Text"), [Length(max=5000), printable], [unix_lines])


class EditForm(NoteForm):
    version = IntegerField(validators=[InputRequired()], widget=HiddenInput())
