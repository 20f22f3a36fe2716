"""Messages: docs/guide/validators.md."""

from __future__ import annotations

import gettext
from pathlib import Path
from typing import Any

import polib
import pytest
from flask_wtf import FlaskForm
from wtforms import Form, IntegerField, StringField, validators
from wtforms.i18n import messages_path
from wtforms.meta import DefaultMeta
from wtforms.validators import InputRequired

from proven.claims.proofs import proves
from snippets.forms import chinese, own_messages
from tests.guide.forms.common import errors, protected, said


def answer_in(language: str, **data: str) -> Any:
    headers = {"Accept-Language": language}
    return chinese.app.test_client().post("/", data=data, headers=headers)


@proves(
    "guide/validators",
    "locales in class Meta selects the language:",
    "WTForms does not translate a message that you pass yourself.",
)
@pytest.mark.parametrize(
    ("language", "message"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "该字段是必填字段。"),
        ("zh-TW", "此欄位是必需的。"),
        ("ja", "このフィールドは必須です。"),
        ("fr", "This field is required."),
    ],
)
def test_messages_in_the_language_of_the_browser(language: str, message: str) -> None:
    answer = answer_in(language, name="", age="7")
    assert answer.status_code == 422
    # a message of one's own is used as it is
    assert answer.json == {"name": [message], "age": ["须年满 18 岁。"]}
    assert answer_in(language, name="阿达", age="18").status_code == 200


@proves(
    "guide/validators", "WTForms has translations of its messages into more than thirty languages."
)
def test_there_are_more_than_thirty_languages() -> None:
    assert len(list(Path(messages_path()).glob("*/LC_MESSAGES/wtforms.mo"))) > 30


def in_language(*locales: str, field: Any = None) -> Any:
    field = field or StringField(validators=[InputRequired()])
    form = type("F", (Form,), {"it": field})(meta={"locales": list(locales)})
    form.validate()
    return form.it.errors


@proves(
    "guide/validators",
    "zh is simplified Chinese, zh_TW traditional Chinese.",
    'locales = ["zh-CN"] has a hyphen.',
    "WTForms wants an underscore: for zh_CN it finds the translation zh.",
    "A language that WTForms does not have raises the same error.",
    'End the list with "en".',
)
def test_how_a_catalog_is_named() -> None:
    assert in_language("zh") == in_language("zh_CN") == ["该字段是必填字段。"]
    assert in_language("zh_TW") == ["此欄位是必需的。"]
    for unknown in ("zh-CN", "tlh"):
        with pytest.raises(FileNotFoundError) as caught:
            in_language(unknown)
        assert said("FileNotFoundError", caught.value)
        assert in_language(unknown, "en") == ["This field is required."]


@proves(
    "guide/validators",
    "The Chinese translation of WTForms is not complete, and you may want to reword some messages.",
    "WTForms translates Number must be at least %(min)s. as “greater than”, which "
    "excludes the number itself.",
)
def test_the_chinese_catalog_is_not_complete_and_not_always_right() -> None:
    catalog = gettext.translation("wtforms", messages_path(), ["zh"])
    unknown = "Date must be at least %(min)s."
    assert unknown in own_messages.OWN
    assert catalog.gettext(unknown) == unknown
    at_least = catalog.gettext("Number must be at least %(min)s.")
    assert "大于" in at_least
    assert errors(IntegerField(validators=[validators.NumberRange(min=3)]), "3") == []


@proves(
    "guide/validators",
    "get_translations() returns the object that translates the messages of every field:",
    "The keys of OWN are the English messages.",
)
def test_own_messages_come_first() -> None:
    client = own_messages.app.test_client()
    first = client.post("/", data={"day": "2025-12-31"})
    assert (first.status_code, first.json) == (
        422,
        {"place": ["不能为空。"], "day": ["不能早于 2026-01-01 00:00:00。"]},
    )
    second = client.post("/", data={"place": "一个名字太长太长的地方", "day": "2026-05-01"})
    assert second.json == {"place": ["字段长度不能超过 10 个字符。"]}
    assert client.post("/", data={"place": "成都", "day": "2026-05-01"}).status_code == 204


@proves(
    "guide/validators",
    "For another language or for many messages, compile a gettext file with the domain "
    "wtforms, and return gettext.translation().",
)
def test_a_catalog_of_ones_own(tmp_path: Path) -> None:
    catalog = polib.POFile()
    catalog.metadata = {"Content-Type": "text/plain; charset=utf-8"}
    catalog.append(polib.POEntry(msgid="This field is required.", msgstr="Dies fehlt."))
    folder = tmp_path / "tlh" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    catalog.save_as_mofile(str(folder / "wtforms.mo"))

    class Own(Form):
        class Meta(DefaultMeta):
            def get_translations(self, form: Form) -> gettext.NullTranslations:
                return gettext.translation("wtforms", tmp_path, ["tlh"])

        it = StringField(validators=[InputRequired()])

    form = Own()
    assert not form.validate()
    assert form.errors == {"it": ["Dies fehlt."]}


class Loud:
    def gettext(self, text: str) -> str:
        return text.upper()


@proves(
    "guide/validators",
    "A FlaskForm ignores locales, and its messages are English unless Flask-Babel is installed.",
    "Set WTF_I18N_ENABLED = False to let WTForms translate.",
)
def test_a_flask_form_ignores_locales_until_it_is_told_not_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("flask_wtf.form.translations", None)

    class Local(FlaskForm):
        class Meta:
            locales = ("zh",)

        it = StringField(validators=[InputRequired()])

    found = []
    for config in ({}, {"WTF_I18N_ENABLED": False}):
        app, _ = protected(**config)
        with app.test_request_context():
            form = Local(meta={"csrf": False})
            assert not form.validate()
            found += form.it.errors
    assert found == ["This field is required.", "该字段是必填字段。"]
    # Flask-Babel, if it is installed, brings its own translations
    monkeypatch.setattr("flask_wtf.form.translations", Loud())
    app, _ = protected()
    with app.test_request_context():
        form = Local(meta={"csrf": False})
        assert not form.validate()
        assert form.it.errors == ["THIS FIELD IS REQUIRED."]
