"""The reader of releases: what it finds, what it is not fooled by, and what it says when it cannot go on.

Each test makes releases of a library called Tea, puts them on an index of its own on loopback, and runs the command.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from history_fetch import HistoryError, Index
from history_read import Library
from tests.site.history_index import FakeIndex, Files, serving

ROOT = Path(__file__).resolve().parents[2]
TOOL = ROOT / "docs" / "_tools" / "history.py"
TEA = Library(project="tea", title="Tea", package="tea", first="1.0", modules=("tea", "tea.pots"))


def load_tool() -> ModuleType:
    """The command as a module."""
    spec = importlib.util.spec_from_file_location("history_command", TOOL)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


command = load_tool()


@pytest.fixture
def index() -> Iterator[FakeIndex]:
    with serving(FakeIndex()) as served:
        yield served


def run(index: FakeIndex, folder: Path, library: Library = TEA) -> dict[str, Any]:
    """Read the releases on the index and return the data."""
    source = Index(folder / "cache", index.url)
    command.run([library], source, folder / "data")
    return json.loads((folder / "data" / "tea.json").read_text("utf-8"))


def releases(index: FakeIndex, *contents: Files) -> None:
    for number, files in enumerate(contents):
        index.add_wheel(f"1.{number}", files)


def read(index: FakeIndex, folder: Path, *sources: str, **options: Any) -> dict[str, Any]:
    """The data about releases that differ in `tea/__init__.py` only."""
    releases(index, *({"tea/__init__.py": source} for source in sources))
    return run(index, folder, replace(TEA, **options))


def events(data: dict[str, Any], name: str) -> list[list[str]]:
    return data["names"][name]["events"]


# --- names ----------------------------------------------------------------------------------


def test_a_name_is_added_and_removed(index: FakeIndex, tmp_path: Path) -> None:
    data = read(
        index, tmp_path, "def brew(): ...", "def brew(): ...\ndef pour(): ...", "def pour(): ..."
    )
    assert events(data, "tea.brew") == [["1.0", "added"], ["1.2", "removed"]]
    assert events(data, "tea.pour") == [["1.1", "added"]]


def test_a_name_may_come_back(index: FakeIndex, tmp_path: Path) -> None:
    data = read(index, tmp_path, "A = 1", "", "A = 1")
    assert events(data, "tea.A") == [["1.0", "added"], ["1.1", "removed"], ["1.2", "added"]]


def test_private_names_and_plain_imports_are_left_out(index: FakeIndex, tmp_path: Path) -> None:
    data = read(index, tmp_path, "import os\nfrom typing import Any\n_pot = 1\npot = 2")
    assert list(data["names"]) == ["tea.pot"]


def test_an_import_for_type_checkers_is_no_name(index: FakeIndex, tmp_path: Path) -> None:
    source = "import typing as t\nif t.TYPE_CHECKING:\n    from .pots import Pot\ndef brew(): ..."
    index.add_wheel("1.0", {"tea/__init__.py": source, "tea/pots.py": "class Pot: ..."})
    data = run(index, tmp_path)
    assert "tea.Pot" not in data["names"]
    assert "tea.pots.Pot" in data["names"]


def test_a_member_for_type_checkers_is_no_member(index: FakeIndex, tmp_path: Path) -> None:
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
    data = read(index, tmp_path, source, deep=("tea.Pot",))
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
    index: FakeIndex, tmp_path: Path, source: str, kind: str
) -> None:
    files = {"tea/__init__.py": source, "tea/pots.py": "class pots: ..."}
    index.add_wheel("1.0", files | {"tea/cups.py": "def brew(x=1): ..."})
    data = run(index, tmp_path, replace(TEA, reexports=("tea",), front=False))
    assert data["names"]["tea.pots"]["kind"] == kind


def test_a_type_variable_is_no_name(index: FakeIndex, tmp_path: Path) -> None:
    data = read(index, tmp_path, "import typing as t\nT = t.TypeVar('T')\npot = 1")
    assert list(data["names"]) == ["tea.pot"]


def test_a_name_that_is_exported_by_the_package_has_one_entry(
    index: FakeIndex, tmp_path: Path
) -> None:
    index.add_wheel(
        "1.0",
        {
            "tea/__init__.py": "from .pots import Pot as Pot",
            "tea/pots.py": "class Pot:\n    def pour(self): ...",
        },
    )
    data = run(index, tmp_path)
    assert list(data["names"]) == ["tea.Pot", "tea.Pot.pour", "tea.pots"]
    assert data["aliases"] == {"tea.pots.Pot": "tea.Pot"}


def test_a_name_that_moves_to_another_module_is_not_gone(index: FakeIndex, tmp_path: Path) -> None:
    releases(
        index,
        {"tea/__init__.py": "def brew(): ..."},
        {"tea/__init__.py": "from .kettle import brew", "tea/kettle.py": "def brew(): ..."},
    )
    assert events(run(index, tmp_path), "tea.brew") == [["1.0", "added"]]


def test_a_module_that_imports_what_it_defined_still_has_it(
    index: FakeIndex, tmp_path: Path
) -> None:
    releases(
        index,
        {"tea/__init__.py": "", "tea/pots.py": "def wash(): ..."},
        {
            "tea/__init__.py": "",
            "tea/pots.py": "from .kettle import boil, wash",
            "tea/kettle.py": "def boil(): ...\ndef wash(): ...",
        },
    )
    data = run(index, tmp_path)
    assert events(data, "tea.pots.wash") == [["1.0", "added"]]
    assert "tea.pots.boil" not in data["names"]


def test_a_method_that_moves_into_a_base_class_is_not_gone(
    index: FakeIndex, tmp_path: Path
) -> None:
    releases(
        index,
        {"tea/__init__.py": "class Pot:\n    def pour(self): ..."},
        {
            "tea/__init__.py": "from .sansio.base import Vessel\nclass Pot(Vessel): ...",
            # A folder of modules without an __init__.py, like flask.sansio.
            "tea/sansio/base.py": "class Vessel:\n    def pour(self): ...",
        },
    )
    assert events(run(index, tmp_path), "tea.Pot.pour") == [["1.0", "added"]]


def test_a_method_of_a_base_class_that_is_told_is_not_told_again(
    index: FakeIndex, tmp_path: Path
) -> None:
    source = "class Vessel:\n    def pour(self): ...\nclass Pot(Vessel):\n    lid = True"
    data = read(index, tmp_path, source)
    assert list(data["names"]) == ["tea.Pot", "tea.Pot.lid", "tea.Vessel", "tea.Vessel.pour"]
    assert data["names"]["tea.Pot"]["bases"] == ["tea.Vessel"]


def test_members_that_went_with_their_class_are_told_by_it(
    index: FakeIndex, tmp_path: Path
) -> None:
    data = read(index, tmp_path, "class Pot:\n    def pour(self): ...", "")
    assert list(data["names"]) == ["tea.Pot"]


def test_a_name_provided_on_demand_is_there(index: FakeIndex, tmp_path: Path) -> None:
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
    data = read(index, tmp_path, "pot = 1", lazy, "")
    assert events(data, "tea.pot") == [
        ["1.0", "added"],
        ["1.1", "deprecated"],
        ["1.2", "removed"],
    ]
    assert events(data, "tea.cup") == [["1.1", "added"], ["1.2", "removed"]]


def test_a_class_made_on_demand_keeps_its_members(index: FakeIndex, tmp_path: Path) -> None:
    lazy = "class _Pot:\n    def pour(self): ...\ndef __getattr__(name):\n    if name == 'Pot':\n        return _Pot"
    data = read(index, tmp_path, "class Pot:\n    def pour(self): ...", lazy)
    assert events(data, "tea.Pot.pour") == [["1.0", "added"]]


def test_of_a_class_with_getattr_no_member_is_called_gone(index: FakeIndex, tmp_path: Path) -> None:
    data = read(
        index,
        tmp_path,
        "class Pot:\n    lid = 1",
        "class Pot:\n    def __getattr__(self, name): ...",
    )
    assert events(data, "tea.Pot.lid") == [["1.0", "added"]]


def test_a_name_whose_origin_cannot_be_read_is_there(index: FakeIndex, tmp_path: Path) -> None:
    index.add_wheel(
        "1.0",
        {
            "tea/__init__.py": "from .pots import small, large",
            "tea/pots.py": "small, large = sizes()",
        },
    )
    data = run(index, tmp_path)
    assert {"tea.large", "tea.small"} <= data["names"].keys()


def test_of_deep_classes_alone_members_and_signatures_are_told(
    index: FakeIndex, tmp_path: Path
) -> None:
    source = "class Pot:\n    def pour(self, cups): ...\nclass Cup:\n    def drink(self): ...\ndef brew(x): ..."
    data = read(index, tmp_path, source, deep=("tea.Pot",))
    assert list(data["names"]) == ["tea.Cup", "tea.Pot", "tea.Pot.pour", "tea.brew"]
    assert [name for name, entry in data["names"].items() if "signatures" in entry] == [
        "tea.Pot.pour"
    ]


def test_names_imported_by_a_table_are_there(index: FakeIndex, tmp_path: Path) -> None:
    table = "all_by_module = {'tea.pots': ['brew', '_private']}"
    data = read(index, tmp_path, table, "")
    assert events(data, "tea.brew") == [["1.0", "added"], ["1.1", "removed"]]
    assert "tea._private" not in data["names"]


def test_names_imported_by_a_table_that_warns_are_deprecated(
    index: FakeIndex, tmp_path: Path
) -> None:
    data = read(
        index,
        tmp_path,
        "_DeprecatedImportModule(__name__, {'.pots': ['brew'], '.': ['pots']}, 'Tea 2')",
    )
    assert events(data, "tea.brew") == [["1.0", "added"], ["1.0", "deprecated"]]


# --- signatures and values ------------------------------------------------------------------


def test_a_signature_has_parameters_and_defaults_and_no_annotations(
    index: FakeIndex, tmp_path: Path
) -> None:
    data = read(
        index,
        tmp_path,
        "def brew(leaf: str, /, cups: int = 2, *more, hot=True, **rest) -> int: ...",
    )
    assert data["names"]["tea.brew"]["signatures"] == [
        ["1.0", "(leaf, /, cups=2, *more, hot=True, **rest)"]
    ]


def test_keyword_only_parameters_are_marked(index: FakeIndex, tmp_path: Path) -> None:
    data = read(index, tmp_path, "def brew(leaf, *, hot=True): ...")
    assert data["names"]["tea.brew"]["signatures"] == [["1.0", "(leaf, *, hot=True)"]]


def test_a_changed_signature_is_recorded_and_a_new_annotation_is_not(
    index: FakeIndex, tmp_path: Path
) -> None:
    data = read(
        index, tmp_path, "def brew(): ...", "def brew() -> None: ...", "def brew(cups=1): ..."
    )
    assert data["names"]["tea.brew"]["signatures"] == [["1.0", "()"], ["1.2", "(cups=1)"]]


def test_a_class_has_the_signature_of_its_init(index: FakeIndex, tmp_path: Path) -> None:
    data = read(index, tmp_path, "class Pot:\n    def __init__(self, size=1): ...")
    assert data["names"]["tea.Pot"]["signatures"] == [["1.0", "(size=1)"]]


def test_a_static_method_keeps_its_first_parameter(index: FakeIndex, tmp_path: Path) -> None:
    data = read(index, tmp_path, "class Pot:\n    @staticmethod\n    def brew(leaf): ...")
    assert data["names"]["tea.Pot.brew"]["signatures"] == [["1.0", "(leaf)"]]


@pytest.mark.parametrize("decorator", ["property", "cached_property", "locked_cached_property"])
def test_a_property_has_no_signature(index: FakeIndex, tmp_path: Path, decorator: str) -> None:
    data = read(index, tmp_path, f"class Pot:\n    @{decorator}\n    def lid(self): ...")
    assert data["names"]["tea.Pot.lid"] == {"kind": "property", "events": [["1.0", "added"]]}


def test_plain_values_are_recorded_and_others_are_not(index: FakeIndex, tmp_path: Path) -> None:
    source = "class Error:\n    code = {}\n    maker = make()"
    data = read(index, tmp_path, source.format(301), source.format(308))
    assert data["names"]["tea.Error.code"]["values"] == [["1.0", "301"], ["1.1", "308"]]
    assert "values" not in data["names"]["tea.Error.maker"]


# --- deprecations ---------------------------------------------------------------------------

WARN = "warnings.warn('{}', DeprecationWarning, stacklevel=2)"


def deprecated(data: dict[str, Any], name: str) -> bool:
    return [event for _, event in events(data, name)] == ["added", "deprecated"]


@pytest.mark.parametrize(
    "call",
    [
        WARN.format("old"),
        "warn(DeprecationWarning('old'), stacklevel=2)",
        "warnings.warn('old', category=DeprecationWarning)",
        "warnings.warn('old', TeaDeprecationWarning)",
    ],
)
def test_a_function_that_always_warns_is_deprecated(
    index: FakeIndex, tmp_path: Path, call: str
) -> None:
    assert deprecated(read(index, tmp_path, f"def brew():\n    {call}"), "tea.brew")


def test_a_function_that_warns_sometimes_is_not_deprecated(
    index: FakeIndex, tmp_path: Path
) -> None:
    data = read(index, tmp_path, f"def brew(x):\n    if cold():\n        {WARN.format('cold')}")
    assert events(data, "tea.brew") == [["1.0", "added"]]


def test_another_warning_is_no_deprecation(index: FakeIndex, tmp_path: Path) -> None:
    data = read(index, tmp_path, "def brew():\n    warnings.warn('hot', UserWarning)")
    assert events(data, "tea.brew") == [["1.0", "added"]]


def test_a_class_whose_init_warns_is_deprecated_and_so_are_its_children(
    index: FakeIndex, tmp_path: Path
) -> None:
    source = f"""
class Pot:
    def __init__(self):
        {WARN.format("old")}
class Samovar(Pot):
    def __init__(self):
        super().__init__()
class Kettle(Pot):
    def __init__(self):
        pass
"""
    data = read(index, tmp_path, source)
    assert deprecated(data, "tea.Pot")
    assert deprecated(data, "tea.Samovar")
    assert not deprecated(data, "tea.Kettle")


def test_a_property_that_warns_is_deprecated_and_one_whose_setter_warns_is_not(
    index: FakeIndex, tmp_path: Path
) -> None:
    source = f"""
class Pot:
    @property
    def lid(self):
        {WARN.format("old")}
    @property
    def spout(self):
        return 1
    @spout.setter
    def spout(self, value):
        {WARN.format("old")}
    def _get_handle(self):
        {WARN.format("old")}
    handle = property(_get_handle)
"""
    data = read(index, tmp_path, source)
    assert deprecated(data, "tea.Pot.lid")
    assert deprecated(data, "tea.Pot.handle")
    assert not deprecated(data, "tea.Pot.spout")


def test_a_parameter_that_warns_is_deprecated(index: FakeIndex, tmp_path: Path) -> None:
    warn = WARN.format("use leaf, not herb")
    source = f"def brew(leaf=None, herb=None):\n    if herb is not None:\n        {warn}"
    data = read(index, tmp_path, source, "def brew(leaf=None): ...")
    assert data["names"]["tea.brew"]["parameters"] == {
        "herb": [["1.0", "deprecated"], ["1.1", "restored"]]
    }
    assert events(data, "tea.brew") == [["1.0", "added"]]


def test_a_parameter_handed_to_a_private_helper_that_warns_is_deprecated(
    index: FakeIndex, tmp_path: Path
) -> None:
    source = f"""
def _prepare(herb):
    if herb is not None:
        {WARN.format("herb is old")}
def brew(herb=None):
    _prepare(herb=herb)
"""
    data = read(index, tmp_path, source)
    assert data["names"]["tea.brew"]["parameters"] == {"herb": [["1.0", "deprecated"]]}


@pytest.mark.parametrize(
    "decorator",
    [
        *("util.deprecated('1.4')", "deprecated('1.4')", "util.deprecated_20(':func:`brew`')"),
        *("_sa_util.moved_20('to pots')", "util.became_legacy_20(':func:`brew`')"),
    ],
)
def test_a_decorator_deprecates(index: FakeIndex, tmp_path: Path, decorator: str) -> None:
    assert deprecated(read(index, tmp_path, f"@{decorator}\ndef brew(): ..."), "tea.brew")


@pytest.mark.parametrize("decorator", ["util.deprecated_cls('1.4')", "deprecated_20_cls('Pot')"])
def test_a_decorator_deprecates_a_class(index: FakeIndex, tmp_path: Path, decorator: str) -> None:
    source = f"@{decorator}\nclass Pot: ...\n@util.memoized\nclass Cup: ..."
    data = read(index, tmp_path, source)
    assert deprecated(data, "tea.Pot")
    assert not deprecated(data, "tea.Cup")


def test_a_decorator_deprecates_parameters_that_are_there(index: FakeIndex, tmp_path: Path) -> None:
    source = """
class Pot:
    @util.deprecated_params(lid=("1.4", "old"), spout=("1.4", "in **more"))
    def __init__(self, size=1, lid=None, **more): ...
"""
    data = read(index, tmp_path, source)
    assert data["names"]["tea.Pot"]["parameters"] == {"lid": [["1.0", "deprecated"]]}
    assert events(data, "tea.Pot") == [["1.0", "added"]]


def test_a_deprecated_parameter_is_told_where_parameters_are(
    index: FakeIndex, tmp_path: Path
) -> None:
    source = "@util.deprecated_params(x=('1', 'old'))\ndef brew(x=1): ...\nclass Pot: ..."
    data = read(index, tmp_path, source, deep=("tea.Pot",))
    assert data["names"]["tea.brew"] == {"kind": "function", "events": [["1.0", "added"]]}


def test_a_decorator_with_a_similar_name_deprecates_nothing(
    index: FakeIndex, tmp_path: Path
) -> None:
    data = read(index, tmp_path, "@util.deprecated_soon('1.4')\ndef brew(): ...")
    assert events(data, "tea.brew") == [["1.0", "added"]]


def test_a_class_without_its_members_may_be_deprecated(index: FakeIndex, tmp_path: Path) -> None:
    source = f"class Pot:\n    def __init__(self):\n        {WARN.format('old')}\n    def pour(self): ..."
    data = read(index, tmp_path, source, shallow=("tea",))
    assert list(data["names"]) == ["tea.Pot"]
    assert deprecated(data, "tea.Pot")


def test_a_module_that_becomes_a_package_offers_what_the_package_offers(
    index: FakeIndex, tmp_path: Path
) -> None:
    releases(
        index,
        {
            "tea/__init__.py": "",
            "tea/pots.py": "from .cups import Cup\nclass Pot: ...",
            "tea/cups.py": "class Cup: ...",
        },
        {
            "tea/__init__.py": "",
            "tea/pots/__init__.py": "from .pot import Pot",
            "tea/pots/pot.py": "class Pot: ...",
        },
    )
    data = run(index, tmp_path, replace(TEA, reexports=("tea", "tea.pots")))
    assert events(data, "tea.pots.Pot") == [["1.0", "added"]]
    assert "tea.pots.Cup" not in data["names"]


def test_a_module_that_warns_deprecates_its_names(index: FakeIndex, tmp_path: Path) -> None:
    pots = f"import warnings\n{WARN.format('old')}\nclass Pot:\n    def pour(self): ...\n"
    index.add_wheel("1.0", {"tea/__init__.py": "cup = 1", "tea/pots.py": pots})
    data = run(index, tmp_path)
    assert deprecated(data, "tea.pots.Pot")
    assert not deprecated(data, "tea.cup")


def test_a_flag_deprecates(index: FakeIndex, tmp_path: Path) -> None:
    assert deprecated(
        read(index, tmp_path, "pot = _DeprecatedBool('tea.pot', '2', True)"), "tea.pot"
    )


def test_a_deprecation_may_be_taken_back(index: FakeIndex, tmp_path: Path) -> None:
    data = read(index, tmp_path, f"def brew():\n    {WARN.format('old')}", "def brew(): ...")
    assert events(data, "tea.brew") == [
        ["1.0", "added"],
        ["1.0", "deprecated"],
        ["1.1", "restored"],
    ]


# --- configuration keys ---------------------------------------------------------------------


def test_keys_and_defaults_are_read(index: FakeIndex, tmp_path: Path) -> None:
    source = """
class Pot:
    default_config = ImmutableDict({{"SIZE": {}, "LIFETIME": timedelta(days=31)}})
    size = ConfigAttribute("SIZE")
    def pour(self, app):
        app.config.setdefault("SPEED", 3)
        if "LID" in app.config:
            return app.config["COLOUR"]
        return current_app.config.get("LIFETIME")
"""
    data = read(index, tmp_path, source.format("None"), source.format("12 * 60"), keys=True)
    keys = data["keys"]
    assert list(keys) == ["COLOUR", "LID", "LIFETIME", "SIZE", "SPEED"]
    assert keys["SIZE"]["defaults"] == [["1.0", "None"], ["1.1", "12 * 60"]]
    assert keys["SIZE"]["readers"] == ["tea.Pot.size"]
    assert keys["LIFETIME"]["defaults"] == [["1.0", "timedelta(days=31)"]]
    assert keys["LIFETIME"]["readers"] == ["tea.Pot.pour"]
    assert keys["SPEED"]["defaults"] == [["1.0", "3"]]
    assert "defaults" not in keys["COLOUR"]


def test_a_reader_that_is_private_is_told_by_who_calls_it(index: FakeIndex, tmp_path: Path) -> None:
    source = "def _look(app):\n    app.config['LID']\ndef pour(app):\n    _look(app)"
    data = read(index, tmp_path, source, keys=True)
    assert data["keys"]["LID"]["readers"] == ["tea.pour"]


def test_a_default_may_be_a_constant_of_a_class(index: FakeIndex, tmp_path: Path) -> None:
    source = "class Defaults:\n    SIZE = 'big'\nsize = config.get('SIZE', Defaults.SIZE)"
    data = read(index, tmp_path, source, keys=True)
    assert data["keys"]["SIZE"]["defaults"] == [["1.0", "'big'"]]


def test_a_key_that_a_warning_names_is_deprecated(index: FakeIndex, tmp_path: Path) -> None:
    source = """
default_config = {{"SIZE": 1, "LID": 2}}
def pour(app):
    if app.config["SIZE"]:
        {}
"""
    warn = "warnings.warn(\"The 'SIZE' config key is deprecated, set 'LID'\", DeprecationWarning)"
    data = read(index, tmp_path, source.format("pass"), source.format(warn), keys=True)
    assert data["keys"]["SIZE"]["events"] == [["1.0", "added"], ["1.1", "deprecated"]]
    assert data["keys"]["LID"]["events"] == [["1.0", "added"]]


# --- which releases, which files ------------------------------------------------------------


def test_only_final_releases_that_were_not_withdrawn_are_read(
    index: FakeIndex, tmp_path: Path
) -> None:
    for version in ("0.9", "1.0", "1.1", "1.2.dev1", "1.2rc1", "1.2", "1.10"):
        index.add_wheel(version, {"tea/__init__.py": ""})
    index.yanked.add("tea-1.1-py3-none-any.whl")
    assert list(run(index, tmp_path)["releases"]) == ["1.0", "1.2", "1.10"]


def test_a_faulty_release_is_passed_over(index: FakeIndex, tmp_path: Path) -> None:
    data = read(index, tmp_path, "", "pot = 1", "", faulty=("1.1",))
    assert list(data["releases"]) == ["1.0", "1.2"]
    assert data["names"] == {}


def test_a_wheel_is_preferred_and_an_sdist_will_do(index: FakeIndex, tmp_path: Path) -> None:
    index.add_sdist("1.0", {"src/tea/__init__.py": "sdist = 1", "setup.py": "raise SystemExit"})
    index.add_sdist("1.1", {"tea/__init__.py": "sdist = 1"})
    index.add_wheel("1.1", {"tea/__init__.py": "wheel = 1"})
    data = run(index, tmp_path)
    assert events(data, "tea.sdist") == [["1.0", "added"], ["1.1", "removed"]]
    assert events(data, "tea.wheel") == [["1.1", "added"]]
    assert not any(path.endswith("tea-1.1.tar.gz") for path in index.requests)


def test_a_library_of_one_module_is_read(index: FakeIndex, tmp_path: Path) -> None:
    index.add_sdist("1.0", {"tea.py": "def brew(): ..."})
    assert list(run(index, tmp_path)["names"]) == ["tea.brew"]


def test_nothing_is_imported_or_run(index: FakeIndex, tmp_path: Path) -> None:
    trap = f"open({str(tmp_path / 'ran')!r}, 'w').close()"
    index.add_sdist("1.0", {"tea/__init__.py": trap, "setup.py": trap, "tea/pots.py": trap})
    run(index, tmp_path)
    assert not (tmp_path / "ran").exists()
    assert "tea" not in sys.modules


def test_a_file_outside_its_archive_is_not_written(index: FakeIndex, tmp_path: Path) -> None:
    index.add_wheel("1.0", {"tea/__init__.py": "", "../../../escaped.py": "x = 1"})
    run(index, tmp_path)
    assert not list(tmp_path.rglob("escaped.py"))


def test_of_a_large_library_only_releases_that_can_differ_are_read(
    index: FakeIndex, tmp_path: Path
) -> None:
    for patch in range(9):
        index.add_wheel(f"1.0.{patch}", {"tea/__init__.py": "pot = 1" if patch >= 6 else ""})
    for patch in range(9):
        index.add_wheel(f"1.1.{patch}", {"tea/__init__.py": "pot = 1"})
    data = run(index, tmp_path, replace(TEA, first="1.0.0", sparse=True))
    assert events(data, "tea.pot") == [["1.0.6", "added"]]
    assert [version for version in data["releases"] if version.startswith("1.1")] == [
        "1.1.0",
        "1.1.8",
    ]


def test_a_change_that_is_not_told_is_no_reason_to_read_a_release(
    index: FakeIndex, tmp_path: Path
) -> None:
    old = "from typing import Any\nclass Vessel: ...\nclass Pot: ..."
    new = "class Vessel: ...\nclass Pot(Vessel): ..."
    for patch in range(9):
        index.add_wheel(f"1.0.{patch}", {"tea/__init__.py": new if patch >= 6 else old})
    data = run(index, tmp_path, replace(TEA, first="1.0.0", sparse=True))
    assert data["releases"] == ["1.0.0", "1.0.8"]
    assert data["names"]["tea.Pot"]["bases"] == ["tea.Vessel"]


# --- the command ----------------------------------------------------------------------------


def test_a_second_run_writes_the_same_and_downloads_nothing(
    index: FakeIndex, tmp_path: Path
) -> None:
    first = read(index, tmp_path, "pot = 1", "def brew(a, b=1): ...")
    text = (tmp_path / "data" / "tea.json").read_bytes()
    before = len(index.requests)
    assert run(index, tmp_path) == first
    assert (tmp_path / "data" / "tea.json").read_bytes() == text
    assert index.requests[before:] == ["/simple/tea/"]


def test_a_run_from_nothing_writes_the_same(index: FakeIndex, tmp_path: Path) -> None:
    read(index, tmp_path / "one", "pot = 1", "def brew(a, b=1): ...")
    run(index, tmp_path / "two")
    one, two = (tmp_path / name / "data" / "tea.json" for name in ("one", "two"))
    assert one.read_bytes() == two.read_bytes()


def test_the_data_has_one_line_an_entry_in_order(index: FakeIndex, tmp_path: Path) -> None:
    read(index, tmp_path, "pot = 1\ncup = 2")
    lines = (tmp_path / "data" / "tea.json").read_text("utf-8").splitlines()
    assert [line for line in lines if '"kind"' in line] == [
        '    "tea.cup": {"kind": "attribute", "events": [["1.0", "added"]], "values": [["1.0", "2"]]},',
        '    "tea.pot": {"kind": "attribute", "events": [["1.0", "added"]], "values": [["1.0", "1"]]}',
    ]


def test_progress_is_shown(
    index: FakeIndex, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    read(index, tmp_path, "pot = 1")
    assert capsys.readouterr().err.splitlines() == [
        "history: Tea: listing its releases",
        "history: tea 1.0: tea-1.0-py3-none-any.whl",
        "history: Tea: 1 releases read",
    ]


@pytest.fixture
def kept(index: FakeIndex, tmp_path: Path) -> Iterator[Path]:
    """Data that a failing run must leave as it is."""
    read(index, tmp_path, "pot = 1")
    data = tmp_path / "data" / "tea.json"
    text = data.read_bytes()
    yield data
    assert data.read_bytes() == text
    assert [path.name for path in data.parent.iterdir()] == ["tea.json"]


def failure(index: FakeIndex, folder: Path, library: Library = TEA) -> str:
    with pytest.raises(HistoryError) as caught:
        run(index, folder, library)
    message = str(caught.value)
    assert "\n" not in message
    return message


@pytest.mark.usefixtures("kept")
def test_an_index_that_does_not_answer(index: FakeIndex, tmp_path: Path) -> None:
    index.url = "http://127.0.0.1:9/simple/"
    assert failure(index, tmp_path) == (
        "tea: the index cannot be reached (no connection); check the network or PIP_INDEX_URL"
    )


@pytest.mark.usefixtures("kept")
def test_a_project_that_the_index_does_not_know(index: FakeIndex, tmp_path: Path) -> None:
    index.files.clear()
    assert failure(index, tmp_path) == "tea: the index does not know this project"


@pytest.mark.usefixtures("kept")
def test_a_first_release_that_is_missing(index: FakeIndex, tmp_path: Path) -> None:
    assert failure(index, tmp_path, replace(TEA, first="0.5")) == (
        "tea 0.5: the index has no file of this release, the first one to read"
    )


@pytest.mark.usefixtures("kept")
def test_a_release_whose_file_is_missing(index: FakeIndex, tmp_path: Path) -> None:
    name = index.add_wheel("1.1", {"tea/__init__.py": ""})
    index.lost.add(name)
    assert failure(index, tmp_path) == (
        "tea 1.1: tea-1.1-py3-none-any.whl cannot be downloaded (it answers 404)"
    )


@pytest.mark.usefixtures("kept")
def test_a_file_that_is_not_the_announced_one(index: FakeIndex, tmp_path: Path) -> None:
    name = index.add_wheel("1.1", {"tea/__init__.py": ""})
    index.falsified.add(name)
    assert failure(index, tmp_path) == (
        "tea 1.1: tea-1.1-py3-none-any.whl is not the file that the index announces"
    )


@pytest.mark.usefixtures("kept")
def test_an_archive_that_cannot_be_opened(index: FakeIndex, tmp_path: Path) -> None:
    name = index.add_wheel("1.1", {})
    index.files[name] = b"no archive"
    assert failure(index, tmp_path).startswith(
        "tea 1.1: tea-1.1-py3-none-any.whl cannot be unpacked ("
    )
    # The next run fetches it again.
    assert not (tmp_path / "cache" / "files" / name).exists()


@pytest.mark.usefixtures("kept")
def test_a_file_that_does_not_parse(index: FakeIndex, tmp_path: Path) -> None:
    index.add_wheel("1.1", {"tea/__init__.py": "", "tea/pots.py": "pot = 1\nprint 'tea'\n"})
    assert failure(index, tmp_path) == (
        "tea 1.1: tea/pots.py:2 does not parse (Missing parentheses in call to 'print'. "
        "Did you mean print(...)?)"
    )


@pytest.mark.usefixtures("kept")
def test_an_archive_without_the_package(index: FakeIndex, tmp_path: Path) -> None:
    index.add_wheel("1.1", {"coffee/__init__.py": ""})
    assert failure(index, tmp_path) == "tea 1.1: no package 'tea' in its files"


def test_a_part_that_is_skipped_need_not_parse(index: FakeIndex, tmp_path: Path) -> None:
    index.add_wheel("1.0", {"tea/__init__.py": "pot = 1", "tea/old/x.py": "print 'tea'"})
    data = run(index, tmp_path, replace(TEA, skip=("tea.old",)))
    assert list(data["names"]) == ["tea.pot"]


def test_no_library_is_replaced_when_the_last_one_fails(index: FakeIndex, tmp_path: Path) -> None:
    index.add_wheel("1.0", {"tea/__init__.py": ""})
    index.add_wheel("1.0", {"coffee/__init__.py": "("}, project="coffee")
    coffee = replace(TEA, project="coffee", package="coffee", modules=("coffee",))
    with pytest.raises(HistoryError):
        command.run([TEA, coffee], Index(tmp_path / "cache", index.url), tmp_path / "data")
    assert not (tmp_path / "data").exists()


def test_the_command_fails_with_one_line(tmp_path: Path) -> None:
    environment = {**os.environ, "PIP_INDEX_URL": "http://127.0.0.1:9/simple/"}
    done = subprocess.run(
        [sys.executable, TOOL, "--data", tmp_path / "data", "--cache", tmp_path / "cache", "flask"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == (
        "history: flask: the index cannot be reached (no connection); check the network or "
        "PIP_INDEX_URL; the data is unchanged"
    )
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "data").exists()


def test_the_command_asks_the_index_that_pip_is_told(
    index: FakeIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", index.url)
    assert Index(tmp_path).endpoint == index.url


def test_the_command_names_the_libraries_it_knows(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        command.main(["coffee"])
    assert "unknown library 'coffee'; there are flask, werkzeug, jinja2" in capsys.readouterr().err


def test_the_page_says_what_of_sqlalchemy_is_read() -> None:
    (library,) = (item for item in command.LIBRARIES if item.project == "sqlalchemy")
    page = ROOT.joinpath("docs", "history", "index.md").read_text("utf-8")
    paragraph = page[page.index("Of SQLAlchemy the data") :].partition("\n\n")[0]
    assert re.findall(r"`(sqlalchemy[\w.]*)`", paragraph) == list(library.modules)
    classes = re.findall(r"`~(sqlalchemy[\w.]*)`", paragraph)
    assert classes
    assert set(classes) < set(library.deep)
