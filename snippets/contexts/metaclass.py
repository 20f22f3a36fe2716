"""Classes that register their own route: by a metaclass, and without one."""

from typing import Any, ClassVar

from flask import Flask
from flask.views import View

app = Flask(__name__)


class Routed(type):
    # runs once for each class that is created, not for each instance
    def __init__(cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any]) -> None:
        super().__init__(name, bases, namespace)
        # a class inherits the rule of its base, but not in its own __dict__
        if "rule" in cls.__dict__:
            page: Any = cls
            app.add_url_rule(page.rule, view_func=page.as_view(name))


class Page(View, metaclass=Routed):
    def dispatch_request(self) -> str:
        return type(self).__name__


class About(Page):
    rule = "/about"


class Section(View):
    rule: ClassVar[str]

    # the same for each subclass, and no metaclass is needed
    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if "rule" in cls.__dict__:
            app.add_url_rule(cls.rule, view_func=cls.as_view(cls.__name__))

    def dispatch_request(self) -> str:
        return type(self).__name__


class Help(Section):
    rule = "/help"
