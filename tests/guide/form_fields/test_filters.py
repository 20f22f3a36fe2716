"""Filters: docs/guide/form-fields.md."""

from __future__ import annotations

from wtforms import Form, StringField, validators

from proven.claims.proofs import proves
from snippets.forms import filters
from tests.guide.forms.common import Person, errors


@proves(
    "guide/form-fields",
    "Filters run before the validators.",
    "The method filter_<name> of the form runs after the filters of the field.",
    "The second exchange shows that InputRequired accepts spaces: it looks at what was "
    "sent, not at the result of the filter.",
    "DataRequired refuses them.",
)
def test_filters_run_before_validators_and_the_method_comes_last() -> None:
    client = filters.app.test_client()
    added = client.post("/users", data={"name": " Ada ", "mail": " ADA@EXAMPLE.COM"})
    assert (added.status_code, added.json) == (201, {"name": "Ada", "mail": "ada@example.com"})
    spaces = client.post("/users", data={"name": "   "})
    # InputRequired let it pass
    assert spaces.json == {"name": ["Field must be at least 2 characters long."]}
    data_required = StringField(filters=[str.strip], validators=[validators.DataRequired()])
    assert errors(data_required, "   ") == ["This field is required."]


@proves(
    "guide/form-fields",
    "The method filter_<name> of the form runs after the filters of the field.",
    "A filter also runs on the default and on the value of an object, and this value can be None.",
)
def test_a_filter_runs_on_default_and_object_too() -> None:
    seen: list[object] = []

    class Filtered(Form):
        name = StringField(filters=[lambda value: seen.append(value) or value], default="default")

        def filter_name(self, value: str | None) -> str | None:
            seen.append("method")
            return value

    Filtered()
    Filtered(obj=Person())
    Filtered(name=None)
    assert seen == ["default", "method", "object", "method", None, "method"]
