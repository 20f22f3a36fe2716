"""Class __dict__ and metaclasses: docs/guide/proxies.md."""

from __future__ import annotations

import builtins
import importlib
import importlib.metadata
import operator
import pkgutil
import warnings
from collections.abc import Iterator

import flask
import jinja2.nodes
import pytest
import sqlalchemy.orm
from flask import Flask
from flask.views import MethodView
from wtforms import Form, StringField

from proven.claims.proofs import proves
from snippets.contexts import metaclass
from tests.guide.contexts.common import error_of, on_the_page


@proves(
    "guide/proxies",
    "The __dict__ of a class contains what this class defines, not what it inherits.",
    "You can read it, but not write to it:",
)
def test_a_class_dict_holds_what_the_class_defines_and_is_read_only() -> None:
    assert "dispatch_request" in metaclass.Page.__dict__
    assert "dispatch_request" not in metaclass.About.__dict__
    assert hasattr(metaclass.About, "dispatch_request")
    message = on_the_page("'mappingproxy' object does not support item assignment")
    error = error_of(operator.setitem, metaclass.About.__dict__, "rule", "/x")
    assert (type(error), str(error)) == (TypeError, message)


@proves(
    "guide/proxies",
    "It is type, unless the class or a base class names another.",
    "To do something for each subclass you rarely need a metaclass, because "
    "__init_subclass__() does the same with less code:",
)
def test_both_ways_register_each_class_with_a_rule_and_no_other() -> None:
    client = metaclass.app.test_client()
    assert [client.get(path).text for path in ("/about", "/help")] == ["About", "Help"]
    rules = {rule.endpoint for rule in metaclass.app.url_map.iter_rules()}
    assert rules == {"static", "About", "Help"}
    assert (type(metaclass.About), type(metaclass.Help)) == (metaclass.Routed, type)


def test_a_subclass_that_inherits_its_rule_is_not_registered_again() -> None:
    class More(metaclass.About):
        pass

    class Further(metaclass.Help):
        pass

    assert (More.rule, Further.rule) == ("/about", "/help")
    rules = {rule.endpoint for rule in metaclass.app.url_map.iter_rules()}
    assert rules == {"static", "About", "Help"}


@proves(
    "guide/proxies",
    "A metaclass is the class of a class: it creates the class, as the class creates its "
    "instances.",
    "It is type, unless the class or a base class names another.",
    "It is type, in lower case.",
)
def test_a_metaclass_makes_the_class_as_the_class_makes_its_instances() -> None:
    assert not hasattr(builtins, "Type")
    made = type("Made", (Flask,), {"colour": "red"})
    assert (type(made), made.__name__, made.__bases__, made.colour) == (  # type: ignore[attr-defined]
        type,
        "Made",
        (Flask,),
        "red",
    )


def classes_of(package: str) -> Iterator[type]:
    """Yield every class that a package defines."""
    root = importlib.import_module(package)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        names = [m.name for m in pkgutil.walk_packages(root.__path__, f"{package}.")]
        modules = [importlib.import_module(n) for n in names if not n.endswith("__main__")]
    for module in [root, *modules]:
        for value in vars(module).values():
            if isinstance(value, type) and value.__module__.split(".")[0] == package:
                yield value


@proves(
    "guide/proxies",
    "Flask and Werkzeug define no metaclass.",
    "WTForms has a metaclass.",
    "Jinja has a metaclass for the nodes of its syntax tree, and SQLAlchemy has one for "
    "its models.",
)
@pytest.mark.parametrize(
    ("package", "own"),
    [
        ("flask", set()),
        ("werkzeug", set()),
        ("wtforms", {"FormMeta"}),
        ("jinja2", {"NodeType"}),
    ],
)
def test_who_defines_a_metaclass(package: str, own: set[str]) -> None:
    metaclasses = {type(cls) for cls in classes_of(package)}
    assert type in metaclasses
    assert {m.__name__ for m in metaclasses if m.__module__.split(".")[0] == package} == own


@proves(
    "guide/proxies",
    "The metaclass of the session classes is abc.ABCMeta, which they inherit from "
    "collections.abc.MutableMapping.",
    "FormMeta collects the fields of a form in the order in which they are written, and "
    "collects them again when you add a field to the class:",
    "Jinja has a metaclass for the nodes of its syntax tree, and SQLAlchemy has one for "
    "its models.",
)
def test_what_the_metaclasses_of_the_libraries_are_for() -> None:
    assert type(flask.sessions.SessionMixin).__name__ == "ABCMeta"
    assert type(jinja2.nodes.Node).__name__ == "NodeType"
    assert type(sqlalchemy.orm.DeclarativeBase) is not type

    class Login(Form):
        user = StringField()
        password = StringField()

    assert [field.name for field in Login()] == ["user", "password"]
    Login.code = StringField()
    assert [field.name for field in Login()] == ["user", "password", "code"]
    del Login.user
    assert [field.name for field in Login()] == ["password", "code"]


@proves(
    "guide/proxies",
    "flask.views.MethodView finds its HTTP methods in __init_subclass__, and looks into "
    "cls.__dict__ to see whether the class itself names them.",
)
def test_method_view_finds_its_methods_in_init_subclass_and_looks_into_the_class_dict() -> None:
    class Notes(MethodView):
        def get(self) -> str:
            return "text"  # pragma: no cover

    class Named(Notes):
        methods = {"PUT"}  # noqa: RUF012

    class Further(Named):
        pass

    assert type(MethodView) is type
    assert "__init_subclass__" in vars(MethodView)
    assert (Notes.methods, Named.methods) == ({"GET"}, {"PUT"})
    # inherited, not its own: found out again
    assert Further.methods == {"GET", "PUT"}
