"""How it works inside: docs/guide/form-classes.md."""

from __future__ import annotations

from typing import Any

import pytest
from wtforms import Form, StringField
from wtforms.form import FormMeta
from wtforms.validators import InputRequired

from proven.claims.proofs import proves
from tests.guide.forms.common import said


@proves(
    "guide/form-classes",
    "The class body runs first, so the unbound fields exist before the class.",
    "Then FormMeta.__init__ sets _unbound_fields and _wtforms_meta to None.",
    "The other steps happen when the class is called.",
    "NotesLogin() calls its metaclass: FormMeta.__call__ collects the fields, once for "
    "each class, and makes one class from all class Meta.",
    "Then __new__ and __init__ run, as for any class.",
    "The order is the reverse: the class body creates the unbound fields, then "
    "FormMeta.__init__ runs.",
    "It creates _unbound_fields and _wtforms_meta on the class.",
    "BaseForm.__init__ creates the fields, on the form.",
)
def test_the_class_body_runs_before_the_metaclass() -> None:
    steps: list[str] = []

    class NotingMeta(FormMeta):
        def __init__(self, name: str, bases: tuple[type, ...], attrs: dict[str, Any]) -> None:
            steps.append(f"FormMeta.__init__ {name} {type(attrs['name']).__name__}")
            super().__init__(name, bases, attrs)

        def __call__(self, *args: Any, **kwargs: Any) -> Any:
            steps.append(f"FormMeta.__call__ {self._unbound_fields}")
            return super().__call__(*args, **kwargs)

    class NotingForm(Form, metaclass=NotingMeta):
        name = StringField(steps.append("class body"))

        def __new__(cls, *args: Any, **kwargs: Any) -> Any:
            steps.append(f"__new__ {len(cls._unbound_fields)} {cls._wtforms_meta.__name__}")
            return super().__new__(cls)

        def __init__(self) -> None:
            steps.append(f"__init__ {hasattr(self, '_fields')}")
            super().__init__()

    assert (NotingForm._unbound_fields, NotingForm._wtforms_meta) == (None, None)
    assert list(NotingForm()._fields) == ["name"]
    assert not hasattr(NotingForm, "_fields")
    assert steps == [
        "class body",
        "FormMeta.__init__ NotingForm UnboundField",
        "FormMeta.__call__ None",
        "__new__ 1 Meta",
        "__init__ False",
    ]
    # collected once
    before = NotingForm._unbound_fields
    NotingForm()
    assert NotingForm._unbound_fields is before
    assert vars(NotingForm)["_unbound_fields"] is before


@proves(
    "guide/form-classes",
    "In a class body, StringField(...) does not create a field.",
    "Field.__new__ looks for the argument _form.",
    "If it is missing, Field.__new__ returns an UnboundField, which stores the class, the "
    "arguments and a number:",
    "All requests share the class, but a field holds the values of one request.",
    "So each form creates its own fields.",
)
@proves(
    "guide/form-fields",
    "The code reads the value from the class: LoginForm.name.data.",
    "Only a form has values: LoginForm().name.data.",
)
def test_a_field_needs_a_form_to_be_one() -> None:
    unbound = StringField("Name", validators=[InputRequired()])
    assert type(unbound).__name__ == "UnboundField"
    assert (unbound.field_class, unbound.args) == (StringField, ("Name",))
    assert list(unbound.kwargs) == ["validators"]
    assert StringField().creation_counter == unbound.creation_counter + 1
    assert type(unbound.bind(Form(), "name")) is StringField
    assert type(StringField(_form=Form(), name="name")) is StringField
    form_class = type("F", (Form,), {"name": unbound})
    assert form_class.name is unbound
    assert form_class().name is not form_class().name
    with pytest.raises(AttributeError) as caught:
        _ = unbound.data
    assert said("AttributeError", caught.value)


@proves(
    "guide/form-classes",
    "FormMeta.__call__ finds the fields with dir(), which includes base classes and sorts by name.",
    "It then sorts by creation_counter, which restores the order in which the fields were "
    "written, across base classes and mixins.",
    "Names that begin with an underscore are not collected.",
    "When you add a field to the class, FormMeta.__setattr__ clears the list, and the "
    "next call collects the fields again.",
    "If you add it to the class itself, the forms of all later requests have it.",
)
def test_order_is_kept_across_base_classes_and_mixins() -> None:
    class Mixin:
        z = StringField()

    class Base(Form):
        y = StringField()
        _private = StringField()

    class Child(Base, Mixin):
        x = StringField()

    assert [field.name for field in Child()] == ["z", "y", "x"]
    assert Child._unbound_fields is not None
    Child.w = StringField()
    assert Child._unbound_fields is None
    assert [field.name for field in Child()] == ["z", "y", "x", "w"]
    del Child.w
    assert [field.name for field in Child()] == ["z", "y", "x"]


@proves(
    "guide/form-classes",
    "NotesLogin() calls its metaclass: FormMeta.__call__ collects the fields, once for "
    "each class, and makes one class from all class Meta.",
    "A class Meta needs no base class.",
    "WTForms makes a new class that inherits from each Meta of the form classes, in the "
    "order of inheritance.",
    "An attribute comes from the nearest Meta that has it.",
    "Form(meta={...}) sets values for one form.",
)
def test_meta_is_made_of_all_and_the_nearest_wins() -> None:
    class Base(Form):
        class Meta:
            csrf_field_name = "base"
            locales = ("zh",)

    class Child(Base):
        class Meta:
            csrf_field_name = "child"

    assert (Child().meta.csrf_field_name, Child().meta.locales) == ("child", ("zh",))
    assert type(Child().meta).__mro__[1:3] == (Child.Meta, Base.Meta)
    assert Child(meta={"locales": ["en"]}).meta.locales == ["en"]
    assert Child().meta.locales == ("zh",)
