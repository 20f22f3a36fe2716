"""Keep the built site for readers of its Flask: ``nox -s archive -- 3.1``.

The whole site in ``build/html/`` is copied to ``archive/3.1/``, which git does not know. From then on each build that
is proven with a newer Flask publishes it beside its own pages, as ``/3.1/``, and the pages of all sites link each
other; :mod:`proven.site.versions` says how. The series is typed, so that a site which was built with another Flask is
not taken for it.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

from proven.base.project import ROOT
from proven.commands import unchanged
from proven.commands.build import alone
from proven.commands.output import no_room
from proven.commands.publish import files, restore, swap
from proven.site import versions


def refusal(root: Path, output: Path, name: str, *, replace: bool) -> str:
    """Return why the built site cannot be archived under a name, ``""`` if it can."""
    if not versions.SERIES.fullmatch(name):
        return f"{name!r} is no release series of Flask: write one such as 3.1"
    record = unchanged.read(output / "built.json")
    html = output / "html"
    if record is None or not html.is_dir():
        return f"there is no whole site in {html}: run 'nox -s docs' first"
    made_of = unchanged.whole(unchanged.sources(root), record.beside)
    if record[:2] != (made_of, unchanged.site(html)):
        return f"{html} is not what the sources and settings make: run 'nox -s docs' first"
    if name != (own := versions.series()):
        return f"{html} was proven with Flask {own}, not {name}"
    if not replace and root.joinpath(versions.FOLDER, name).exists():
        return f"{versions.FOLDER}/{name} is there already: '{name} --replace' archives it anew"
    return ""


def archive(html: Path, folder: Path) -> None:
    """Copy a built site, in one step, to where it is kept.

    Args:
        html: The built site; the archived ones in it stay behind.
        folder: Where it is kept; what is there is replaced.
    """
    restore(folder)
    following = folder.with_name(f".{folder.name}.next")
    shutil.rmtree(following, ignore_errors=True)
    for file in files(html):
        path = Path(file)
        if path.name in versions.FOR_CRAWLERS or versions.SERIES.fullmatch(path.parts[0]):
            continue
        target = following / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(versions.content(html / path))
    swap(following, folder)
    shutil.rmtree(following, ignore_errors=True)


def main() -> int:
    """Run the command line."""
    # One line for a mistake, without the usage above it.
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0], exit_on_error=False)
    parser.add_argument("series", nargs="?", default="", help="of Flask, such as 3.1")
    parser.add_argument("--replace", action="store_true", help="archive it anew")
    parser.add_argument("--output", type=Path, default=ROOT / "build", help="default: build/")
    try:
        options = parser.parse_args()
    except argparse.ArgumentError as error:
        raise SystemExit(str(error)) from None
    output = options.output.resolve()
    folder = ROOT / versions.FOLDER / options.series
    try:
        with alone(output):
            reason = refusal(ROOT, output, options.series, replace=options.replace)
            if not reason:
                archive(output / "html", folder)
    except OSError as error:
        reason = no_room(error, folder)
    if reason:
        print(reason)
        return 1
    place = f"{versions.FOLDER}/{options.series}"
    print(f"{place}: kept; a build with a newer Flask publishes it as /{options.series}/")
    return 0


if __name__ == "__main__":
    sys.exit(main())
