"""A proxy like those of Flask, made of special methods, and a variable that it reads."""

from contextvars import ContextVar
from typing import Any

from flask import Flask, g, request


class Proxy:
    def __new__(cls, variable: ContextVar[Any]) -> "Proxy":
        proxy = super().__new__(cls)
        # an assignment would end in __setattr__ below
        object.__setattr__(proxy, "variable", variable)
        return proxy

    def __getattr__(self, name: str) -> Any:
        return getattr(self.variable.get(), name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self.variable.get(), name, value)

    def __setitem__(self, key: Any, value: Any) -> None:
        self.variable.get()[key] = value

    def __call__(self, *args: Any, **options: Any) -> Any:
        return self.variable.get()(*args, **options)

    def __str__(self) -> str:
        return str(self.variable.get())

    def __enter__(self) -> Any:
        return self.variable.get().__enter__()

    def __exit__(self, *error: Any) -> Any:
        return self.variable.get().__exit__(*error)

    def __add__(self, other: Any) -> Any:
        return self.variable.get() + other


app = Flask(__name__)
visit = Proxy(ContextVar("visit"))


@app.before_request
def push() -> None:
    g.token = visit.variable.set({"path": request.path})


@app.teardown_request
def pop(error: BaseException | None) -> None:
    if "token" in g:
        visit.variable.reset(g.pop("token"))


@app.get("/<page>")
def show(page: str) -> dict[str, str]:
    visit["page"] = page
    return {"visit": str(visit)}
