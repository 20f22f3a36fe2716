"""Refresh the intersphinx inventories: ``nox -s inventories``, or ``nox -s inventories -- flask`` for one.

``docs/_inventories/`` is committed, so that a build needs no network. An inventory is replaced only by one that Sphinx
can read and that has the names which cannot be missing; what fails is told in one line, and the committed one stays.
"""

from __future__ import annotations

import argparse
import runpy
import sys
from collections.abc import Sequence
from pathlib import Path

import requests
from sphinx.util.inventory import InventoryFile

from proven.base.project import DOCS

CONF = DOCS / "conf.py"

# An inventory without these is not the one that it says it is, or the project moved its names.
CORE = {
    "python": {"dict", "print", "contextvars.ContextVar", "logging.Logger"},
    "flask": {"flask.Flask", "flask.url_for", "flask.Config.from_prefixed_env"},
    # BaseConverter is only spoken of in its documentation, not described.
    "werkzeug": {"werkzeug.routing.Map", "werkzeug.routing.UnicodeConverter"},
    "jinja": {"jinja2.Environment", "jinja2.Template.render"},
    "click": {"click.command", "click.Context"},
    "itsdangerous": {"itsdangerous.signer.Signer", "itsdangerous.exc.BadSignature"},
    "blinker": {"blinker.Signal.connect", "blinker.signal"},
    "wtforms": {"wtforms.form.Form", "wtforms.validators.DataRequired"},
    "sqlalchemy": {"sqlalchemy.orm.Session", "sqlalchemy.create_engine"},
    "flask-sqlalchemy": {"flask_sqlalchemy.SQLAlchemy", "flask_sqlalchemy.SQLAlchemy.init_app"},
    "flask-session": {"flask_session.Session", "SESSION_TYPE"},
    "pytest": {"pytest.fixture", "pytest.MonkeyPatch"},
}


class InventoryError(Exception):
    """A problem that is told to the user in one line."""


def names(name: str, content: bytes) -> set[str]:
    """Return the names in the bytes of an ``objects.inv``.

    Raises:
        InventoryError: if Sphinx cannot read it, or a name of :data:`CORE` is missing.
    """
    try:
        inventory = InventoryFile.loads(content, uri="")
    except Exception as error:
        raise InventoryError(f"is not a Sphinx inventory ({error})") from None
    found = {entry for entries in inventory.data.values() for entry in entries}
    if missing := sorted(CORE.get(name, set()) - found):
        raise InventoryError(f"lacks {', '.join(missing)}")
    if not found:
        raise InventoryError("is empty")
    return found


def fetch(url: str) -> bytes:
    """Return the inventory that a project publishes.

    Raises:
        InventoryError: if it cannot be had.
    """
    address = f"{url.rstrip('/')}/objects.inv"
    try:
        response = requests.get(address, timeout=30)
    except requests.RequestException as error:
        raise InventoryError(f"cannot reach {address} ({reason(error)})") from None
    if response.status_code != requests.codes.ok:
        raise InventoryError(f"{address} answers {response.status_code} {response.reason}")
    return response.content


def reason(error: BaseException) -> str:
    """Return the innermost cause of a failed request, in few words."""
    while error.__context__ is not None:
        error = error.__context__
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


def replace(target: Path, content: bytes) -> None:
    """Write the whole file or nothing: a build beside us reads either the old or the new one."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{target.name}.part")
    part.write_bytes(content)
    part.replace(target)


def main(arguments: Sequence[str] | None = None, conf: Path = CONF) -> int:
    """Refresh the inventories and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.partition(":")[0])
    parser.add_argument("names", nargs="*", help="only these projects (default: all)")
    wanted = parser.parse_args(arguments).names
    mapping: dict[str, tuple[str, str]] = runpy.run_path(str(conf))["intersphinx_mapping"]
    if unknown := sorted(set(wanted) - mapping.keys()):
        print(f"not in {conf.name}'s intersphinx_mapping: {', '.join(unknown)}", file=sys.stderr)
        return 1
    good = True
    for name in wanted or mapping:
        url, target = mapping[name]
        try:
            content = fetch(url)
            found = names(name, content)
        except InventoryError as error:
            print(f"{name}: {error}; the old inventory stays", file=sys.stderr, flush=True)
            good = False
            continue
        replace(Path(target), content)
        print(f"{name}: {len(found)} names", flush=True)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
