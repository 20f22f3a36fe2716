"""A form library in sixty lines, with the idea of WTForms."""

from collections.abc import Iterator, Mapping
from functools import partial
from itertools import count
from typing import Any

from markupsafe import Markup


class Unbound:
    numbers = count()

    def __init__(self, bind: Any) -> None:
        self.bind, self.number = bind, next(self.numbers)


class Field:
    kind = "text"

    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        return super().__new__(cls) if "name" in kwargs else Unbound(partial(cls, *args))

    def __init__(self, label: str, *validators: Any, name: str = "") -> None:
        self.label, self.validators, self.name = label, validators, name
        self.data, self.errors = "", list[str]()

    def validate(self, form: "Form") -> bool:
        for validator in self.validators:
            try:
                validator(form, self)
            except ValueError as error:
                self.errors.append(str(error))
        return not self.errors

    def __html__(self) -> Markup:
        html = Markup('<label>{} <input name="{}" type="{}" value="{}"></label>')
        return html.format(self.label, self.name, self.kind, self.data)


class FormMeta(type):
    def __call__(cls, *args: Any) -> Any:
        fields = [(n, field) for n in dir(cls) if isinstance(field := getattr(cls, n), Unbound)]
        cls.unbound = sorted(fields, key=lambda pair: pair[1].number)
        return super().__call__(*args)


class Form(metaclass=FormMeta):
    def __init__(self, formdata: Mapping[str, str] | None = None) -> None:
        self.fields = {name: field.bind(name=name) for name, field in type(self).unbound}
        for name, field in self.fields.items():
            field.data = (formdata or {}).get(name, "").strip()
            setattr(self, name, field)

    def __iter__(self) -> Iterator[Field]:
        return iter(self.fields.values())

    def validate(self) -> bool:
        # Every field is validated, even after one has failed.
        return not [field for field in self if not field.validate(self)]
