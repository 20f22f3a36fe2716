"""Build the site in every language: ``python docs/_tools/build.py`` or ``nox -s docs``.

Writes ``build/html/<language>/`` and ``build/html/index.html``, which sends the reader to a language. Warnings are
errors. At the end it says where the site lies and how complete each language is.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

import polib
from jinja2 import Environment, FileSystemLoader

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "docs" / "_ext"))

from language_switch import alternates  # noqa: E402  found through the path above
from languages import LANGUAGES, SOURCE, Language, base_url  # noqa: E402

SPHINX = ("-n", "-W", "--keep-going", "-q")


def start(language: Language, root: Path, output: Path) -> subprocess.Popen[str]:
    """Start the build of one language; its messages are kept, so that two builds do not mix theirs."""
    command = [
        *(sys.executable, "-m", "sphinx", *SPHINX),
        *("-b", "html", "-D", f"language={language.code}"),
        *("-d", str(output / "doctrees" / language.folder)),
        str(root / "docs"),
        str(output / "html" / language.folder),
    ]
    return subprocess.Popen(
        command,
        cwd=root,
        # Sphinx colours and encodes by the terminal; a build must not depend on one. Sets keep their order, such
        # as the methods of an Allow header, so that two builds are the same.
        env={**os.environ, "PYTHONUTF8": "1", "NO_COLOR": "1", "PYTHONHASHSEED": "0"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    )


def build(root: Path, output: Path) -> bool:
    """Build every language below ``output`` and report; return whether all went well."""
    began = time.perf_counter()
    print(f"building {', '.join(language.name for language in LANGUAGES)} ...", flush=True)
    builds = [(language, start(language, root, output)) for language in LANGUAGES]
    good = True
    for language, process in builds:
        messages = process.communicate()[0].strip()
        if messages:
            # The same fault is often seen by both builds; the folder says by which.
            print(messages.replace(f"{root}{os.sep}", ""), flush=True)
        if process.returncode:
            good = False
            print(f"{language.name}: the build failed; the lines above say where and why")
    write_root(root, output)
    if good:
        seconds = time.perf_counter() - began
        print(f"built in {seconds:.1f} s: {output / 'html' / 'index.html'}")
        for language in LANGUAGES:
            print(f"  {language.name}: {completeness(root, language)}")
    return good


def write_root(root: Path, output: Path) -> None:
    """Write the page that sends the reader to a language."""
    template = Environment(
        loader=FileSystemLoader(root / "docs" / "_templates"), autoescape=True
    ).get_template("root.html")
    base = base_url(os.environ)
    links = alternates(base, "index") if base else []
    # By primary subtag: every Chinese reader is served by the one Chinese edition.
    folders = {language.tag.split("-")[0]: language.folder for language in LANGUAGES}
    html = template.render(languages=LANGUAGES, folders=folders, alternates=links)
    output.joinpath("html").mkdir(parents=True, exist_ok=True)
    output.joinpath("html", "index.html").write_text(html + "\n", encoding="utf-8")


def completeness(root: Path, language: Language) -> str:
    """Return how much of the catalogs of a language is translated."""
    if language == SOURCE:
        return "the source"
    done = total = 0
    for file in root.joinpath("locale", language.code, "LC_MESSAGES").rglob("*.po"):
        entries = [entry for entry in polib.pofile(str(file)) if not entry.obsolete]
        total += len(entries)
        done += sum(entry.translated() for entry in entries)
    percent = 100 * done // total if total else 0
    return f"{percent} % ({done} of {total} texts)"


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--output", type=Path, default=ROOT / "build", help="default: build/")
    arguments = parser.parse_args()
    return 0 if build(ROOT, arguments.output.resolve()) else 1


if __name__ == "__main__":
    sys.exit(main())
