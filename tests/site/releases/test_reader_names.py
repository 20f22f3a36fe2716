"""The names that a release offers, with their parameters and values."""

from __future__ import annotations

import pytest

from proven.claims.proofs import proves
from tests.site.releases.tea import Tea, events


@proves("about/house", "releases/changes.py turns the snapshots into what came, changed and went.")
@proves(
    "history/index",
    "“Came” is the first release that has the name, and “Went” the first release that no "
    "longer has it.",
)
def test_a_name_is_added_and_removed(tea: Tea) -> None:
    data = tea.read("def brew(): ...", "def brew(): ...\ndef pour(): ...", "def pour(): ...")
    assert events(data, "tea.brew") == [["1.0", "added"], ["1.2", "removed"]]
    assert events(data, "tea.pour") == [["1.1", "added"]]


def test_a_name_may_come_back(tea: Tea) -> None:
    data = tea.read("A = 1", "", "A = 1")
    assert events(data, "tea.A") == [["1.0", "added"], ["1.1", "removed"], ["1.2", "added"]]


def test_private_names_and_plain_imports_are_left_out(tea: Tea) -> None:
    data = tea.read("import os\nfrom typing import Any\n_pot = 1\npot = 2")
    assert list(data["names"]) == ["tea.pot"]


def test_an_import_for_type_checkers_is_no_name(tea: Tea) -> None:
    source = "import typing as t\nif t.TYPE_CHECKING:\n    from .pots import Pot\ndef brew(): ..."
    data = tea.releases({"tea/__init__.py": source, "tea/pots.py": "class Pot: ..."})
    assert "tea.Pot" not in data["names"]
    assert "tea.pots.Pot" in data["names"]


def test_a_member_for_type_checkers_is_no_member(tea: Tea) -> None:
    source = """
class Vessel:
    def lid(self): ...
class Pot(Vessel):
    if TYPE_CHECKING:
        @property
        def size(self) -> int: ...
        def lid(self, cups: int) -> None: ...
        def pour(self, cups: int) -> None: ...
    else:
        def pour(self, *cups): ...
    if not TYPE_CHECKING:
        spout = 1
"""
    data = tea.read(source, deep=("tea.Pot",))
    members = {name: data["names"][name] for name in data["names"] if "Pot." in name}
    assert list(members) == ["tea.Pot.lid", "tea.Pot.pour", "tea.Pot.spout"]
    assert members["tea.Pot.lid"]["signatures"] == [["1.0", "()"]]
    assert members["tea.Pot.pour"]["signatures"] == [["1.0", "(*cups)"]]


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("from .cups import brew as pots", "function"),
        ("from tea.cups import brew as pots", "function"),
        ("from .pots import pots", "class"),
        ("from . import pots\nfrom .pots import pots", "class"),
        ("from . import pots\npots = factory(pots)", "attribute"),
        ("def pots(): ...", "function"),
        ("class pots: ...", "class"),
        ("from . import pots", "module"),
        ("import tea.pots", "module"),
    ],
)
def test_a_name_that_is_also_a_module_is_what_its_package_says(
    tea: Tea, source: str, kind: str
) -> None:
    files = {"tea/__init__.py": source, "tea/pots.py": "class pots: ..."}
    files |= {"tea/cups.py": "def brew(x=1): ..."}
    data = tea.releases(files, reexports=("tea",), front=False)
    assert data["names"]["tea.pots"]["kind"] == kind


def test_a_type_variable_is_no_name(tea: Tea) -> None:
    data = tea.read("import typing as t\nT = t.TypeVar('T')\npot = 1")
    assert list(data["names"]) == ["tea.pot"]


def test_a_name_that_is_exported_by_the_package_has_one_entry(tea: Tea) -> None:
    data = tea.releases(
        {
            "tea/__init__.py": "from .pots import Pot as Pot",
            "tea/pots.py": "class Pot:\n    def pour(self): ...",
        }
    )
    assert list(data["names"]) == ["tea.Pot", "tea.Pot.pour", "tea.pots"]
    assert data["aliases"] == {"tea.pots.Pot": "tea.Pot"}


def test_a_name_that_moves_to_another_module_is_not_gone(tea: Tea) -> None:
    data = tea.releases(
        {"tea/__init__.py": "def brew(): ..."},
        {"tea/__init__.py": "from .kettle import brew", "tea/kettle.py": "def brew(): ..."},
    )
    assert events(data, "tea.brew") == [["1.0", "added"]]


def test_a_module_that_imports_what_it_defined_still_has_it(tea: Tea) -> None:
    data = tea.releases(
        {"tea/__init__.py": "", "tea/pots.py": "def wash(): ..."},
        {
            "tea/__init__.py": "",
            "tea/pots.py": "from .kettle import boil, wash",
            "tea/kettle.py": "def boil(): ...\ndef wash(): ...",
        },
    )
    assert events(data, "tea.pots.wash") == [["1.0", "added"]]
    assert "tea.pots.boil" not in data["names"]


@proves(
    "history/index",
    "A name does not count as removed if a method moves into a base class, or if a "
    "function moves to another module and can still be imported from the old one.",
)
def test_a_method_that_moves_into_a_base_class_is_not_gone(tea: Tea) -> None:
    data = tea.releases(
        {"tea/__init__.py": "class Pot:\n    def pour(self): ..."},
        {
            "tea/__init__.py": "from .sansio.base import Vessel\nclass Pot(Vessel): ...",
            # A folder of modules without an __init__.py, like flask.sansio.
            "tea/sansio/base.py": "class Vessel:\n    def pour(self): ...",
        },
    )
    assert events(data, "tea.Pot.pour") == [["1.0", "added"]]


def test_a_method_of_a_base_class_that_is_told_is_not_told_again(tea: Tea) -> None:
    source = "class Vessel:\n    def pour(self): ...\nclass Pot(Vessel):\n    lid = True"
    data = tea.read(source)
    assert list(data["names"]) == ["tea.Pot", "tea.Pot.lid", "tea.Vessel", "tea.Vessel.pour"]
    assert data["names"]["tea.Pot"]["bases"] == ["tea.Vessel"]


def test_members_that_went_with_their_class_are_told_by_it(tea: Tea) -> None:
    data = tea.read("class Pot:\n    def pour(self): ...", "")
    assert list(data["names"]) == ["tea.Pot"]


@proves(
    "history/index",
    "modules and classes | public names and where they are defined; names that a module "
    "provides only when they are accessed",
)
def test_a_name_provided_on_demand_is_there(tea: Tea) -> None:
    lazy = """
def __getattr__(name):
    if name == "pot":
        import warnings
        warnings.warn("'pot' is deprecated", DeprecationWarning, stacklevel=2)
        return 1
    if name in {"cup", "bowl"}:
        return 2
    raise AttributeError(name)
"""
    data = tea.read("pot = 1", lazy, "")
    assert events(data, "tea.pot") == [
        ["1.0", "added"],
        ["1.1", "deprecated"],
        ["1.2", "removed"],
    ]
    assert events(data, "tea.cup") == [["1.1", "added"], ["1.2", "removed"]]


def test_a_class_made_on_demand_keeps_its_members(tea: Tea) -> None:
    lazy = "class _Pot:\n    def pour(self): ...\ndef __getattr__(name):\n    if name == 'Pot':\n        return _Pot"
    data = tea.read("class Pot:\n    def pour(self): ...", lazy)
    assert events(data, "tea.Pot.pour") == [["1.0", "added"]]


def test_of_a_class_with_getattr_no_member_is_called_gone(tea: Tea) -> None:
    data = tea.read(
        "class Pot:\n    lid = 1",
        "class Pot:\n    def __getattr__(self, name): ...",
    )
    assert events(data, "tea.Pot.lid") == [["1.0", "added"]]


def test_a_name_whose_origin_cannot_be_read_is_there(tea: Tea) -> None:
    data = tea.releases(
        {
            "tea/__init__.py": "from .pots import small, large",
            "tea/pots.py": "small, large = sizes()",
        }
    )
    assert {"tea.large", "tea.small"} <= data["names"].keys()


def test_of_deep_classes_alone_members_and_signatures_are_told(tea: Tea) -> None:
    source = "class Pot:\n    def pour(self, cups): ...\nclass Cup:\n    def drink(self): ...\ndef brew(x): ..."
    data = tea.read(source, deep=("tea.Pot",))
    assert list(data["names"]) == ["tea.Cup", "tea.Pot", "tea.Pot.pour", "tea.brew"]
    assert [name for name, entry in data["names"].items() if "signatures" in entry] == [
        "tea.Pot.pour"
    ]


def test_names_imported_by_a_table_are_there(tea: Tea) -> None:
    table = "all_by_module = {'tea.pots': ['brew', '_private']}"
    data = tea.read(table, "")
    assert events(data, "tea.brew") == [["1.0", "added"], ["1.1", "removed"]]
    assert "tea._private" not in data["names"]


def test_names_imported_by_a_table_that_warns_are_deprecated(tea: Tea) -> None:
    data = tea.read(
        "_DeprecatedImportModule(__name__, {'.pots': ['brew'], '.': ['pots']}, 'Tea 2')",
    )
    assert events(data, "tea.brew") == [["1.0", "added"], ["1.0", "deprecated"]]


# --- signatures and values ------------------------------------------------------------------


@proves("history/index", "functions and methods | their parameters and defaults")
def test_a_signature_has_parameters_and_defaults_and_no_annotations(tea: Tea) -> None:
    data = tea.read(
        "def brew(leaf: str, /, cups: int = 2, *more, hot=True, **rest) -> int: ...",
    )
    assert data["names"]["tea.brew"]["signatures"] == [
        ["1.0", "(leaf, /, cups=2, *more, hot=True, **rest)"]
    ]


def test_keyword_only_parameters_are_marked(tea: Tea) -> None:
    data = tea.read("def brew(leaf, *, hot=True): ...")
    assert data["names"]["tea.brew"]["signatures"] == [["1.0", "(leaf, *, hot=True)"]]


@proves("about/house", "releases/changes.py turns the snapshots into what came, changed and went.")
def test_a_changed_signature_is_recorded_and_a_new_annotation_is_not(tea: Tea) -> None:
    data = tea.read("def brew(): ...", "def brew() -> None: ...", "def brew(cups=1): ...")
    assert data["names"]["tea.brew"]["signatures"] == [["1.0", "()"], ["1.2", "(cups=1)"]]


def test_a_class_has_the_signature_of_its_init(tea: Tea) -> None:
    data = tea.read("class Pot:\n    def __init__(self, size=1): ...")
    assert data["names"]["tea.Pot"]["signatures"] == [["1.0", "(size=1)"]]


def test_a_static_method_keeps_its_first_parameter(tea: Tea) -> None:
    data = tea.read("class Pot:\n    @staticmethod\n    def brew(leaf): ...")
    assert data["names"]["tea.Pot.brew"]["signatures"] == [["1.0", "(leaf)"]]


@pytest.mark.parametrize("decorator", ["property", "cached_property", "locked_cached_property"])
def test_a_property_has_no_signature(tea: Tea, decorator: str) -> None:
    data = tea.read(f"class Pot:\n    @{decorator}\n    def lid(self): ...")
    assert data["names"]["tea.Pot.lid"] == {"kind": "property", "events": [["1.0", "added"]]}


@proves(
    "history/index", "class attributes | simple values, such as the status code of an exception"
)
def test_plain_values_are_recorded_and_others_are_not(tea: Tea) -> None:
    source = "class Error:\n    code = {}\n    maker = make()"
    data = tea.read(source.format(301), source.format(308))
    assert data["names"]["tea.Error.code"]["values"] == [["1.0", "301"], ["1.1", "308"]]
    assert "values" not in data["names"]["tea.Error.maker"]
