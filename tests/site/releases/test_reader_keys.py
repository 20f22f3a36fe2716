"""The configuration keys that a release sets a default for or reads."""

from __future__ import annotations

from proven.claims.proofs import proves
from tests.site.releases.tea import Tea


@proves(
    "history/index",
    "default_config and every place that reads config | configuration keys and their defaults",
)
def test_keys_and_defaults_are_read(tea: Tea) -> None:
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
    data = tea.read(source.format("None"), source.format("12 * 60"), keys=True)
    keys = data["keys"]
    assert list(keys) == ["COLOUR", "LID", "LIFETIME", "SIZE", "SPEED"]
    assert keys["SIZE"]["defaults"] == [["1.0", "None"], ["1.1", "12 * 60"]]
    assert keys["SIZE"]["readers"] == ["tea.Pot.size"]
    assert keys["LIFETIME"]["defaults"] == [["1.0", "timedelta(days=31)"]]
    assert keys["LIFETIME"]["readers"] == ["tea.Pot.pour"]
    assert keys["SPEED"]["defaults"] == [["1.0", "3"]]
    assert "defaults" not in keys["COLOUR"]


def test_a_reader_that_is_private_is_told_by_who_calls_it(tea: Tea) -> None:
    source = "def _look(app):\n    app.config['LID']\ndef pour(app):\n    _look(app)"
    data = tea.read(source, keys=True)
    assert data["keys"]["LID"]["readers"] == ["tea.pour"]


def test_a_default_may_be_a_constant_of_a_class(tea: Tea) -> None:
    source = "class Defaults:\n    SIZE = 'big'\nsize = config.get('SIZE', Defaults.SIZE)"
    data = tea.read(source, keys=True)
    assert data["keys"]["SIZE"]["defaults"] == [["1.0", "'big'"]]


def test_a_key_that_a_warning_names_is_deprecated(tea: Tea) -> None:
    source = """
default_config = {{"SIZE": 1, "LID": 2}}
def pour(app):
    if app.config["SIZE"]:
        {}
"""
    warn = "warnings.warn(\"The 'SIZE' config key is deprecated, set 'LID'\", DeprecationWarning)"
    data = tea.read(source.format("pass"), source.format(warn), keys=True)
    assert data["keys"]["SIZE"]["events"] == [["1.0", "added"], ["1.1", "deprecated"]]
    assert data["keys"]["LID"]["events"] == [["1.0", "added"]]
