"""What the tests of docs/guide/application.md share."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup
from flask import Flask
from playwright.sync_api import Page, expect
from redis import Redis
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from snippets.application import create_app, models
from snippets.application.models import db
from tests import servers
from tests.subjects import text_of

ROOT = Path(__file__).parents[3]
PACKAGE = ROOT / "snippets/application"
TEXT = text_of("application")
ADA = "13800138000"
BERT = "+4915112345678"
PASSWORD = "correct horse battery"
# what a browser sends with a form of the same site
ORIGIN = {"Origin": "http://localhost"}


class Visitor:
    """A browser without a window: it sends the token of the page, as a browser does."""

    def __init__(self, app: Flask, language: str = "en") -> None:
        self.client = app.test_client()
        self.headers = {"Accept-Language": language}

    def get(self, path: str) -> TestResponse:
        return self.client.get(path, headers=self.headers)

    def page(self, path: str) -> BeautifulSoup:
        answer = self.get(path)
        assert answer.status_code == 200, answer.status
        return parsed(answer)

    def token(self) -> str:
        """Return the token of the session; a stranger has none."""
        field = parsed(self.get("/notes/new")).select_one("[name=csrf_token]")
        return str(field["value"]) if field else ""

    def post(self, path: str, **fields: Any) -> TestResponse:
        data = {"csrf_token": self.token(), **fields}
        return self.client.post(path, data=data, headers=self.headers | ORIGIN)

    def register(self, number: str = ADA, password: str = PASSWORD) -> Visitor:
        answer = self.post("/register", mobile=number, password=password, again=password)
        assert answer.status_code == 303, parsed(answer).get_text(" ", strip=True)
        return self

    def login(self, number: str = ADA, password: str = PASSWORD) -> TestResponse:
        return self.post("/login", mobile=number, password=password)

    def write(self, title: str, text: str = "") -> str:
        """Write a note and return its address."""
        assert self.post("/notes/new", title=title, text=text).status_code == 303
        return str(self.page("/notes/").select_one(".notes a")["href"])  # type: ignore[index]

    def titles(self, path: str = "/notes/") -> list[str]:
        return [link.get_text() for link in self.page(path).select(".notes h2")]


def parsed(answer: TestResponse) -> BeautifulSoup:
    return BeautifulSoup(answer.text, "lxml")


def said(answer: TestResponse) -> str:
    """Return what the page says, in one line."""
    main = parsed(answer).select_one("main")
    assert main is not None
    return main.get_text(" ", strip=True)


def application(folder: Path, **settings: Any) -> AbstractContextManager[Flask]:
    """Make an application with its files in a folder."""
    return closing(create_app(str(folder), **settings))


@contextmanager
def closing(app: Flask) -> Iterator[Flask]:
    """Leave no connection of an application behind."""
    try:
        yield app
    finally:
        with app.app_context():
            db.engine.dispose()
        store = getattr(app.session_interface, "store", None)
        if isinstance(getattr(store, "client", None), Redis):
            store.client.close()


def count(app: Flask, model: type[models.Base]) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(model)) or 0


DATABASES = ("sqlite", "mariadb-pymysql", "mariadb-mysqldb", "postgresql")


def at_once(*calls: Callable[[], TestResponse]) -> list[TestResponse]:
    """Make the calls at the same moment."""
    answers: list[TestResponse] = []
    barrier = threading.Barrier(len(calls))

    def run(call: Callable[[], TestResponse]) -> None:
        barrier.wait()
        answers.append(call())

    threads = [threading.Thread(target=run, args=[call]) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == len(calls)
    return sorted(answers, key=lambda answer: answer.status_code)


NEW = "a battery of horses"


class Telephone:
    """Where the messages go that a gateway sends."""

    def __init__(self, app: Flask) -> None:
        self.messages: list[tuple[str, str]] = []
        app.config["SEND_MESSAGE"] = lambda *message: self.messages.append(message)

    def link(self) -> str:
        """Return the path in the last message."""
        [path] = re.findall(r"http://localhost(/reset/\S+)$", self.messages[-1][1])
        return str(path)


def sent(visitor: Visitor, path: str = "/notes/new", **options: Any) -> TestResponse:
    """Post what no form of ours sends; a valid token goes along, where no other is given."""
    headers = {"Accept-Language": "en", "X-CSRFToken": visitor.token()}
    return visitor.client.post(path, headers=headers | options.pop("headers", {}), **options)


def cookie(visitor: Visitor, value: str) -> TestResponse:
    visitor.client.set_cookie("session", value)
    return visitor.get("/notes/")


MINE = {"title": "x", "text": "my text"}


def table(label: str) -> dict[str, list[str]]:
    """Return the rows of the first table after a label of the page: first cell to the others."""
    after = TEXT.split(f"({label})=", 1)[1].split("\n(", 1)[0]
    rows = [line.strip("| ").split(" | ") for line in after.splitlines() if line.startswith("|")]
    return {first: others for first, *others in rows[2:]}


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Serve the application on a free port and yield its address."""
    with servers.served(app) as port:
        yield f"http://127.0.0.1:{port}"


def sign(page: Page, address: str, register: bool = True) -> None:
    page.goto(f"{address}/{'register' if register else 'login'}")
    page.get_by_label("Mobile number").fill(ADA)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    if register:
        page.get_by_label("Password again").fill(PASSWORD)
    page.locator("main button").click()
    page.wait_for_url(f"{address}/notes/")


def put(page: Page, title: str, text: str) -> None:
    page.get_by_role("link", name="New note").click()
    page.get_by_label("Title").fill(title)
    page.get_by_label("Text").fill(text)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_have_text("Saved.")
