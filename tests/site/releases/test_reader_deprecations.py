"""What a release deprecates: warnings that are sure to come, and decorators that say so."""

from __future__ import annotations

import pytest

from proven.claims.proofs import proves
from tests.site.releases.tea import Data, Tea, events

WARN = "warnings.warn('{}', DeprecationWarning, stacklevel=2)"


def deprecated(data: Data, name: str) -> bool:
    return [event for _, event in events(data, name)] == ["added", "deprecated"]


@proves(
    "history/index",
    "calls of warnings.warn with a DeprecationWarning | deprecated names, parameters and keys",
    "“Deprecated” is the first release that emits a warning when the name is used.",
)
@pytest.mark.parametrize(
    "call",
    [
        WARN.format("old"),
        "warn(DeprecationWarning('old'), stacklevel=2)",
        "warnings.warn('old', category=DeprecationWarning)",
        "warnings.warn('old', TeaDeprecationWarning)",
    ],
)
def test_a_function_that_always_warns_is_deprecated(tea: Tea, call: str) -> None:
    assert deprecated(tea.read(f"def brew():\n    {call}"), "tea.brew")


def test_a_function_that_warns_sometimes_is_not_deprecated(tea: Tea) -> None:
    data = tea.read(f"def brew(x):\n    if cold():\n        {WARN.format('cold')}")
    assert events(data, "tea.brew") == [["1.0", "added"]]


def test_another_warning_is_no_deprecation(tea: Tea) -> None:
    data = tea.read("def brew():\n    warnings.warn('hot', UserWarning)")
    assert events(data, "tea.brew") == [["1.0", "added"]]


def test_a_class_whose_init_warns_is_deprecated_and_so_are_its_children(tea: Tea) -> None:
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
    data = tea.read(source)
    assert deprecated(data, "tea.Pot")
    assert deprecated(data, "tea.Samovar")
    assert not deprecated(data, "tea.Kettle")


def test_a_property_that_warns_is_deprecated_and_one_whose_setter_warns_is_not(tea: Tea) -> None:
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
    data = tea.read(source)
    assert deprecated(data, "tea.Pot.lid")
    assert deprecated(data, "tea.Pot.handle")
    assert not deprecated(data, "tea.Pot.spout")


def test_a_parameter_that_warns_is_deprecated(tea: Tea) -> None:
    warn = WARN.format("use leaf, not herb")
    source = f"def brew(leaf=None, herb=None):\n    if herb is not None:\n        {warn}"
    data = tea.read(source, "def brew(leaf=None): ...")
    assert data["names"]["tea.brew"]["parameters"] == {
        "herb": [["1.0", "deprecated"], ["1.1", "restored"]]
    }
    assert events(data, "tea.brew") == [["1.0", "added"]]


def test_a_parameter_handed_to_a_private_helper_that_warns_is_deprecated(tea: Tea) -> None:
    source = f"""
def _prepare(herb):
    if herb is not None:
        {WARN.format("herb is old")}
def brew(herb=None):
    _prepare(herb=herb)
"""
    data = tea.read(source)
    assert data["names"]["tea.brew"]["parameters"] == {"herb": [["1.0", "deprecated"]]}


@proves(
    "history/index",
    "decorators that make such a call, such as deprecated in SQLAlchemy | deprecated "
    "names and parameters",
)
@pytest.mark.parametrize(
    "decorator",
    [
        *("util.deprecated('1.4')", "deprecated('1.4')", "util.deprecated_20(':func:`brew`')"),
        *("_sa_util.moved_20('to pots')", "util.became_legacy_20(':func:`brew`')"),
    ],
)
def test_a_decorator_deprecates(tea: Tea, decorator: str) -> None:
    assert deprecated(tea.read(f"@{decorator}\ndef brew(): ..."), "tea.brew")


@pytest.mark.parametrize("decorator", ["util.deprecated_cls('1.4')", "deprecated_20_cls('Pot')"])
def test_a_decorator_deprecates_a_class(tea: Tea, decorator: str) -> None:
    source = f"@{decorator}\nclass Pot: ...\n@util.memoized\nclass Cup: ..."
    data = tea.read(source)
    assert deprecated(data, "tea.Pot")
    assert not deprecated(data, "tea.Cup")


def test_a_decorator_deprecates_parameters_that_are_there(tea: Tea) -> None:
    source = """
class Pot:
    @util.deprecated_params(lid=("1.4", "old"), spout=("1.4", "in **more"))
    def __init__(self, size=1, lid=None, **more): ...
"""
    data = tea.read(source)
    assert data["names"]["tea.Pot"]["parameters"] == {"lid": [["1.0", "deprecated"]]}
    assert events(data, "tea.Pot") == [["1.0", "added"]]


def test_a_deprecated_parameter_is_told_where_parameters_are(tea: Tea) -> None:
    source = "@util.deprecated_params(x=('1', 'old'))\ndef brew(x=1): ...\nclass Pot: ..."
    data = tea.read(source, deep=("tea.Pot",))
    assert data["names"]["tea.brew"] == {"kind": "function", "events": [["1.0", "added"]]}


def test_a_decorator_with_a_similar_name_deprecates_nothing(tea: Tea) -> None:
    data = tea.read("@util.deprecated_soon('1.4')\ndef brew(): ...")
    assert events(data, "tea.brew") == [["1.0", "added"]]


def test_a_class_without_its_members_may_be_deprecated(tea: Tea) -> None:
    source = f"class Pot:\n    def __init__(self):\n        {WARN.format('old')}\n    def pour(self): ..."
    data = tea.read(source, shallow=("tea",))
    assert list(data["names"]) == ["tea.Pot"]
    assert deprecated(data, "tea.Pot")


def test_a_module_that_becomes_a_package_offers_what_the_package_offers(tea: Tea) -> None:
    data = tea.releases(
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
        reexports=("tea", "tea.pots"),
    )
    assert events(data, "tea.pots.Pot") == [["1.0", "added"]]
    assert "tea.pots.Cup" not in data["names"]


def test_a_module_that_warns_deprecates_its_names(tea: Tea) -> None:
    pots = f"import warnings\n{WARN.format('old')}\nclass Pot:\n    def pour(self): ...\n"
    data = tea.releases({"tea/__init__.py": "cup = 1", "tea/pots.py": pots})
    assert deprecated(data, "tea.pots.Pot")
    assert not deprecated(data, "tea.cup")


@proves(
    "history/index",
    "For some names, such as Engine.execute, SQLAlchemy warned only if the environment "
    "variable SQLALCHEMY_WARN_20 was set (…).",
    "That counts as a warning.",
)
def test_a_flag_deprecates(tea: Tea) -> None:
    assert deprecated(tea.read("pot = _DeprecatedBool('tea.pot', '2', True)"), "tea.pot")


def test_a_deprecation_may_be_taken_back(tea: Tea) -> None:
    data = tea.read(f"def brew():\n    {WARN.format('old')}", "def brew(): ...")
    assert events(data, "tea.brew") == [
        ["1.0", "added"],
        ["1.0", "deprecated"],
        ["1.1", "restored"],
    ]
