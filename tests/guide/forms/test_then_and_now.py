"""Then and now: docs/guide/forms.md."""

from __future__ import annotations

import importlib
import re

import flask_wtf
import pytest
import wtforms
from flask_wtf import CSRFProtect
from wtforms import DateTimeField, Form, PasswordField, StringField, widgets
from wtforms.form import BaseForm, FormMeta

from proven.claims.proofs import proves
from snippets.forms import login
from tests.guide.forms.common import SAID, TEXT, attributes, with_field


@proves(
    "guide/form-classes",
    "It inherits from BaseForm alone.",
    "FormMeta is the class of Form, not a base class.",
    "The names are _unbound_fields, _wtforms_meta and __doc__.",
    "The widget of a StringField is a TextInput.",
    "Write PasswordField, or StringField(widget=PasswordInput()).",
    "still works after from wtforms.fields import simple.",
    "Import from wtforms.",
)
def test_what_the_notes_say_of_the_classes() -> None:
    assert Form.__bases__ == (BaseForm,)
    assert type(Form) is FormMeta
    assert FormMeta not in Form.__mro__
    assert {"_unbound_fields", "_wtforms_meta", "__doc__"} <= set(dir(login.LoginForm))
    assert not {"__unbound__field", "__wtforms_meta", "_doc__"} & set(dir(login.LoginForm))
    simple = importlib.import_module("wtforms.fields.simple")
    assert simple.StringField is wtforms.StringField
    assert isinstance(StringField.widget, widgets.TextInput)
    assert isinstance(PasswordField.widget, widgets.PasswordInput)
    own = with_field(StringField(widget=widgets.PasswordInput()), it="secret").it
    assert (attributes(own)["type"], attributes(own)["value"]) == ("password", "")


def imports(statement: str) -> str:
    """Return what an old import ends in, without the path of this machine."""
    with pytest.raises(ImportError) as caught:
        exec(statement)
    return f"{type(caught.value).__name__}: {str(caught.value).partition(' (')[0]}"


@proves(
    "guide/form-fields",
    "…: ImportError: cannot import name 'Required' from 'wtforms.validators'",
    "…: ImportError: cannot import name 'TextField' from 'wtforms'",
    "…: ModuleNotFoundError: No module named 'wtforms.fields.html5'.",
    "…: ModuleNotFoundError: No module named 'wtforms.ext'.",
    "ImportError: cannot import name 'StringField' from 'wtforms.fields.core'.",
)
@proves(
    "guide/forms",
    "ImportError: cannot import name 'CsrfProtect' from 'flask_wtf'.",
    "ModuleNotFoundError: No module named 'flask.ext'.",
)
def test_old_imports_end_as_the_page_says() -> None:
    entries = re.findall(r"^`(from [^`]+)`\n: (.+)$", TEXT, re.MULTILINE)
    assert len(entries) == 9
    failing = 0
    for statement, answer in entries:
        if statement == "from flask_wtf import Form":
            continue
        found = imports(statement)
        if "Error: " in answer:
            assert f"`{found}`" in answer, statement
            failing += 1
    assert failing == 7


@proves(
    "guide/forms",
    "The class LoginForm derives from the Form of WTForms, which has no such method.",
    "The name is CSRFProtect.",
    "can still be imported, and is the Form of WTForms, without a token.",
)
def test_the_form_of_flask_wtf_is_the_plain_one() -> None:
    assert flask_wtf.Form is Form

    class LoginForm(flask_wtf.Form):
        name = StringField()

    form = LoginForm()
    with pytest.raises(AttributeError) as caught:
        form.validate_on_submit()
    assert f"`AttributeError: {caught.value}`" in SAID
    assert "csrf_token" not in form
    assert CSRFProtect.__name__ == "CSRFProtect"


@proves("guide/forms", "has no effect.", 'Write LoginForm(meta={"csrf": False}).')
def test_the_old_argument_for_the_token_is_ignored() -> None:
    with login.app.test_request_context():
        assert "csrf_token" in login.LoginForm(csrf_enabled=False)
        assert "csrf_token" not in login.LoginForm(meta={"csrf": False})


@proves(
    "guide/form-fields",
    'warns that <input type="datetime"> is obsolete.',
    "Write DateTimeLocalField.",
)
def test_the_obsolete_field_warns() -> None:
    with pytest.warns(
        DeprecationWarning, match='<input type="datetime">, which is obsolete'
    ) as caught:
        with_field(DateTimeField())
    assert "DateTimeLocalField" in str(caught[0].message)
