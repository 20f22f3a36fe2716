"""What the site knows of a snippet: its file, its objects, what it is made of, which tests prove it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from proven.claims.proofs import proves
from proven.snippets import files, loading, uses
from proven.snippets import imports as snippet_imports
from proven.snippets.files import (
    SnippetError,
    file_of,
    modules,
    name_of,
    objects,
    runnable,
    suggestion,
)
from proven.snippets.imports import dependencies
from proven.snippets.loading import load
from proven.snippets.uses import tests_of as proofs_of

# Named otherwise than the real one, which is imported already.
PACKAGE = "sketches"

FILES = {
    "sketches/__init__.py": '"""Sketches."""\n',
    "sketches/shop/__init__.py": '"""Snippets of the shop."""\n',
    "sketches/shop/cart.py": (
        '"""A cart."""\n\nfrom flask import Flask\n\nfrom sketches.shop import prices\n'
        "from sketches.kept import Store\n\napp = Flask(__name__)\n\n\n"
        "class Cart:\n    def add(self) -> None: ...\n\n    class Line: ...\n\n\n"
        "async def total() -> int:\n    return prices.one\n"
    ),
    "sketches/shop/prices.py": '"""Prices."""\n\none = 1\n',
    "sketches/kept/__init__.py": '"""Stores."""\n\nfrom .store import Store\n',
    "sketches/kept/store.py": '"""One store."""\n\n\nclass Store: ...\n',
    "sketches/broken.py": '"""Broken."""\n\n\ndef limit() -> int:\n    return int("ten")\n\n\nlimit()\n',
    "sketches/no_python.py": '"""No Python."""\n\ndef (\n',
    "sketches/data.toml": "x = 1\n",
    "tests/guide/test_shop.py": (
        "from sketches.kept import Store\nfrom sketches.shop import cart, prices as listed\n\n\n"
        "def test_a_cart_adds():\n    cart.Cart().add()\n\n\n"
        "def test_prices_are_listed():\n    assert listed.one == 1\n\n\n"
        "def test_by_name():\n    run('sketches.shop.cart')\n\n\n"
        "def test_a_store():\n    Store()\n\n\n"
        "def helper():\n    cart.total()\n"
    ),
}


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return a small repository, importable, with a package of snippets and a test."""
    for name, text in FILES.items():
        tmp_path.joinpath(name).parent.mkdir(parents=True, exist_ok=True)
        tmp_path.joinpath(name).write_text(text, encoding="utf-8")
    for module in (files, loading, snippet_imports, uses):
        monkeypatch.setattr(module, "PACKAGE", PACKAGE)
    monkeypatch.syspath_prepend(tmp_path)
    yield tmp_path
    for name in [name for name in sys.modules if name.split(".")[0] == PACKAGE]:
        del sys.modules[name]


def test_a_name_has_a_file_and_a_file_a_name(root: Path) -> None:
    for name, path in {
        "sketches.shop.cart": "sketches/shop/cart.py",
        "sketches.shop": "sketches/shop/__init__.py",
    }.items():
        assert file_of(root, name) == root / path
        assert name_of(root, root / path) == name


def test_what_is_no_snippet_has_no_name_and_no_file(root: Path) -> None:
    assert file_of(root, "sketches.shop.card") is None
    assert name_of(root, root / "sketches/data.toml") is None
    assert name_of(root, root / "tests/guide/test_shop.py") is None
    assert name_of(root, root.parent / "elsewhere.py") is None


def test_modules_with_content_are_listed(root: Path) -> None:
    root.joinpath("sketches/no_python.py").unlink()
    assert modules(root) == [
        "sketches.broken",
        "sketches.kept",
        "sketches.kept.store",
        "sketches.shop.cart",
        "sketches.shop.prices",
    ]


def test_objects_are_functions_classes_and_their_members(root: Path) -> None:
    assert objects(root / "sketches/shop/cart.py") == ["Cart", "Cart.add", "Cart.Line", "total"]


@proves("about/adding-a-page", "Each runs by itself: nox -s run -- snippets.tea.smallest.")
@proves(
    "about/testing",
    "proves it: every line of code that the site shows is in a module here, whole and runnable.",
)
@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("app = 1", True),
        ("app: int = 1", True),
        ("def create_app(): ...", True),
        ("application = 1", False),
        ("class app: ...", False),
        ("def f():\n    app = 1", False),
    ],
)
def test_a_module_with_an_application_is_runnable(
    tmp_path: Path, code: str, expected: bool
) -> None:
    file = tmp_path / "snippet.py"
    file.write_text(code, encoding="utf-8")
    assert runnable(file) is expected


@proves(
    "about/house",
    "snippets/imports.py says which files the snippet is made of, so that the page is "
    "read again when one of them changes.",
)
def test_a_snippet_is_made_of_what_it_imports(root: Path) -> None:
    assert dependencies(root, "sketches.shop.cart") == [
        root / "sketches/kept/__init__.py",
        root / "sketches/kept/store.py",
        root / "sketches/shop/__init__.py",
        root / "sketches/shop/cart.py",
        root / "sketches/shop/prices.py",
    ]


@proves(
    "about/house",
    "snippets/loading.py imports the snippet afresh and within limits: one that hangs, "
    "prints or writes is a fault.",
)
def test_each_load_is_fresh(root: Path) -> None:
    first = load(root, "sketches.shop.prices")
    first.one = 2
    assert load(root, "sketches.shop.prices").one == 1


@proves(
    "about/testing", "a snippet that is missing or does not import, and an object that is not in it"
)
@pytest.mark.parametrize(
    ("name", "message", "place"),
    [
        (
            "sketches.shop.card",
            "there is no snippet 'sketches.shop.card': did you mean 'sketches.shop.cart'?",
            "",
        ),
        (
            "sketches.broken",
            "importing sketches.broken raises ValueError: invalid literal for int() with base 10: "
            "'ten'; mend the snippet",
            "sketches/broken.py:5",
        ),
    ],
)
def test_what_cannot_be_loaded_is_named_with_its_place(
    root: Path, name: str, message: str, place: str
) -> None:
    root.joinpath("sketches/no_python.py").unlink()
    with pytest.raises(SnippetError) as caught:
        load(root, name)
    assert str(caught.value) == message
    assert caught.value.place == (f"{root}/{place}" if place else "")


def test_what_is_not_python_is_named_with_its_place(root: Path) -> None:
    file = root / "sketches/no_python.py"
    with pytest.raises(SnippetError) as caught:
        objects(file)
    assert str(caught.value) == "this is not Python: invalid syntax; mend it"
    assert caught.value.place == f"{file}:3"


def test_suggestions() -> None:
    assert suggestion("crat", ["cart", "prices"]) == "did you mean 'cart'?"
    assert suggestion("basket", ["cart", "prices"]) == "there is cart, prices"
    assert suggestion("basket", []) == "there is none"


def test_the_tests_of_a_snippet_are_found_by_import_alias_object_and_name(root: Path) -> None:
    file = "tests/guide/test_shop.py"
    assert proofs_of(root, "sketches.shop.cart") == {file: ["test_a_cart_adds", "test_by_name"]}
    assert proofs_of(root, "sketches.shop.prices") == {file: ["test_prices_are_listed"]}
    assert proofs_of(root, "sketches.kept") == {file: ["test_a_store"]}
    assert proofs_of(root, "sketches.kept.store") == {}


def test_a_test_that_changes_is_read_again(root: Path) -> None:
    file = root / "tests/guide/test_shop.py"
    assert proofs_of(root, "sketches.shop.prices")
    file.write_text("from sketches.shop import cart\n", encoding="utf-8")
    assert proofs_of(root, "sketches.shop.prices") == {}
    assert proofs_of(root, "sketches.shop.cart") == {"tests/guide/test_shop.py": []}
