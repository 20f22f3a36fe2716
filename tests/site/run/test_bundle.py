"""What Run loads is pinned, made once, and where it cannot be made one line says why."""

from __future__ import annotations

import importlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from importlib.metadata import PackageNotFoundError, distribution, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from proven.base.project import ROOT
from proven.claims.proofs import proves
from proven.commands import build
from proven.run import bundle, libraries, pack, record
from tests.site.tiny_site import TinySite

LOCK = ROOT / ".lock" / "run"
#: What the environment that builds the site has, with the hashes of each library for all machines.
LOCKED = ROOT / ".lock" / "docs.txt"
#: A pip that makes the wheel it is asked for.
PIP = f"""
import zipfile
pathlib.Path('asked').open('a').write(pathlib.Path('wanted.txt').read_text())
with zipfile.ZipFile({libraries.wheel("pydantic-core")!r}, "w") as made:
    for name in ("pydantic_core/core.so", "pydantic_core/core.pyi", "core.dist-info/METADATA"):
        made.writestr(name, "Name: core\\n\\nLong.")
"""
PYTHON = sys.executable


def test_every_package_is_pinned_with_a_hash() -> None:
    wanted = json.loads((LOCK / "package.json").read_text(encoding="utf-8"))
    pinned = json.loads((LOCK / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert all(
        re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted["dependencies"].values()
    )
    assert pinned[""]["dependencies"] == wanted["dependencies"]
    del pinned[""]
    assert pinned
    assert all(package["integrity"].startswith("sha512-") for package in pinned.values())


def test_a_project_without_the_lock_has_no_run(tmp_path: Path) -> None:
    assert bundle.ready(tmp_path) is None


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with the lock, on a machine whose node is a script of the test."""
    shutil.copytree(LOCK, tmp_path / ".lock/run")
    shutil.copy(LOCKED, tmp_path / ".lock/docs.txt")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(bundle.sys, "executable", str(tmp_path / "a/b/c/python"))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    (tmp_path / "bin").mkdir()
    return tmp_path


def script(project: Path, name: str, text: str) -> None:
    file = project / "bin" / name
    file.write_text(f"#!{PYTHON}\nimport pathlib, sys\n{text}\n", encoding="utf-8")
    file.chmod(0o755)


def test_without_node_one_line_says_so(project: Path) -> None:
    with pytest.raises(bundle.NoRunError, match=r"^there is no node; `nox -s docs` installs one$"):
        bundle.ready(project)


def test_what_npm_cannot_fetch_is_said_in_one_line(project: Path) -> None:
    script(project, "node", "")
    script(
        project,
        "npm",
        'sys.stderr.write("npm error code EINTEGRITY\\nnpm error more\\n"); sys.exit(1)',
    )
    with pytest.raises(bundle.NoRunError) as caught:
        bundle.ready(project)
    assert str(caught.value) == "npm cannot fetch .lock/run: npm error code EINTEGRITY"
    # The next build asks again.
    assert not (project / ".cache/run/npm/fetched").exists()


def test_what_pip_cannot_fetch_is_said_in_one_line(project: Path) -> None:
    script(project, "node", "")
    script(project, "npm", "")
    with pytest.raises(bundle.NoRunError, match=r"^there is no pip; `nox -s docs` installs one$"):
        bundle.ready(project)
    said = 'sys.stderr.write("WARNING: a place is ignored\\nERROR: No matching distribution\\n")'
    script(project, "pip", f"{said}; sys.exit(1)")
    with pytest.raises(bundle.NoRunError) as caught:
        bundle.ready(project)
    wheel = libraries.wheel("pydantic-core")
    assert str(caught.value) == f"pip cannot fetch {wheel}: ERROR: No matching distribution"


def test_pip_is_that_which_nox_installed(project: Path) -> None:
    for python in (project / ".nox/node/bin/python", project / "a/node/bin/python"):
        python.parent.mkdir(parents=True)
        python.touch()
        assert bundle.pip() == [str(python), "-m", "pip"]


@proves(
    "about/house",
    "What of these is compiled comes out of a wheel for Pyodide, which pip fetches with the hashes "
    "in .lock/docs.txt.",
)
def test_what_is_compiled_is_fetched_once_with_the_hashes_of_the_lock(
    project: Path, tmp_path: Path
) -> None:
    script(project, "pip", PIP)
    wheels = bundle.fetch_wheels(project / ".lock/docs.txt", tmp_path / "wheels")
    assert wheels == bundle.fetch_wheels(project / ".lock/docs.txt", wheels)
    asked = (wheels / "asked").read_text(encoding="utf-8").splitlines()
    assert asked[0].startswith(f"pydantic-core=={distribution('pydantic-core').version}")
    assert len([line for line in asked if "--hash=sha256:" in line]) > 100
    assert not [line for line in asked if "==" in line][1:]
    assert dict(libraries.files(["pydantic-core"], wheels)) == {
        "pydantic_core/core.so": b"Name: core\n\nLong.",
        "core.dist-info/METADATA": b"Name: core\n",
    }


def test_the_wheels_are_those_for_the_python_and_the_machine_of_pyodide() -> None:
    # What the worker tells Pyodide about itself is what Pyodide says in its own list of packages.
    worker = (bundle.HERE / "browser/worker.mjs").read_text(encoding="utf-8")
    (told,) = re.findall(r'abi_version: "(\w+)", arch: "(\w+)"', worker)
    assert f"pyemscripten_{told[0]}_{told[1]}" == libraries.PLATFORM
    assert record.read().python.startswith(f"{libraries.PYTHON}.")
    assert f"cp{libraries.PYTHON.replace('.', '')}" == libraries.ABI


def test_what_is_compiled_lies_in_a_bundle_that_is_unpacked() -> None:
    worker = (bundle.HERE / "browser/worker.mjs").read_text(encoding="utf-8")
    (unpacked,) = re.findall(r"UNPACKED = new Set\((\[.*\])\)", worker)
    for name, one in libraries.BUNDLES.items():
        if set(libraries.COMPILED).intersection(one.distributions):
            assert name in json.loads(unpacked)


def test_what_node_cannot_pack_is_said_in_one_line(project: Path) -> None:
    script(project, "npm", "")
    script(project, "pip", PIP)
    script(project, "node", 'sys.stderr.write("at line 1\\nError: no room\\n"); sys.exit(1)')
    with pytest.raises(
        bundle.NoRunError, match=r"^node cannot pack what Run loads: Error: no room$"
    ):
        bundle.ready(project)


def test_a_cache_that_cannot_be_written_is_said_in_one_line(project: Path) -> None:
    (project / ".cache").write_text("no folder", encoding="utf-8")
    with pytest.raises(bundle.NoRunError, match=r"\.cache"):
        bundle.ready(project)


@proves(
    "about/house",
    "run/bundle.py has npm fetch what .lock/run/package-lock.json pins, and node pack it with "
    "the libraries that run/libraries.py names.",
)
def test_it_is_made_once_and_again_when_something_changes(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script(project, "npm", "pathlib.Path('asked').open('a').write('x')")
    script(project, "pip", PIP)
    script(
        project,
        "node",
        "packed, out = map(pathlib.Path, sys.argv[-2:])\n"
        "for folder, name in ((packed, 'python'), (out, 'manifest.json')):\n"
        "    folder.mkdir(exist_ok=True); (folder / name).write_text('{}')\n"
        "pathlib.Path('packed-times').open('a').write('x')\n",
    )
    cache = project / ".cache/run"
    first = bundle.ready(project)
    assert first == bundle.ready(project)
    assert (cache / "packed-times").read_text() == "x"
    assert (cache / "npm/asked").read_text() == "x"
    monkeypatch.setattr(bundle, "versions", lambda: {"flask": "9", "click": "1"})
    monkeypatch.setattr(bundle, "licences", lambda names: [])
    assert first != bundle.ready(project)
    assert ((cache / "packed-times").read_text(), (cache / "npm/asked").read_text()) == ("xx", "x")
    # A changed lock is fetched anew.
    with (project / ".lock/run/package-lock.json").open("a") as lock:
        lock.write("\n")
    bundle.ready(project)
    assert (cache / "npm/asked").read_text() == "x"
    assert len(list(cache.glob("*/manifest.json"))) <= bundle.KEPT


def test_what_is_packed_needs_nothing_that_is_not() -> None:
    packed = {name for one in libraries.BUNDLES.values() for name in one.distributions}
    # Compiled, or asked for only to reach a server.
    left_out = {"greenlet", "dnspython", "async-timeout", "pyjwt"}
    for name in packed:
        for requirement in map(Requirement, requires(name) or ()):
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                needed = requirement.name.lower().replace("_", "-")
                assert needed in packed | left_out, f"{name} needs {needed}"


def test_the_files_of_a_library_are_those_that_a_browser_needs(tmp_path: Path) -> None:
    paths = dict(libraries.files(["markupsafe", "flask"], tmp_path))
    assert {"flask/app.py", "markupsafe/_native.py"} <= paths.keys()
    assert not [
        path for path in paths if path.endswith((".so", ".pyi", ".c")) or "__pycache__" in path
    ]
    (metadata,) = (path for path in paths if path.startswith("flask-"))
    assert metadata.endswith("METADATA")
    assert b"\n\n" not in paths[metadata]
    titles = dict(libraries.licences(["flask", "markupsafe"]))
    assert len(titles) == 2
    assert all("Redistribution" in text for text in titles.values())


def test_a_snippet_gets_the_bundles_that_it_imports() -> None:
    assert libraries.bundles_of(ROOT, "snippets.routing.smallest") == ["flask"]
    bundles = libraries.bundles_of(ROOT, "snippets.application")
    assert bundles[0] == "flask"
    assert {"forms", "sqlalchemy"} < set(bundles)


def test_what_a_start_imports_lies_in_its_bundle() -> None:
    wanted = libraries.first()
    assert {"flask", "sqlalchemy"} <= wanted.keys()
    for name, modules in wanted.items():
        for module in modules:
            importlib.import_module(module)
            package = module.partition(".")[0]
            assert libraries.packages().get(package, libraries.ALWAYS) == name


def test_python_is_packed_compiled_and_the_same_each_time(tmp_path: Path) -> None:
    (tmp_path / "tea").mkdir()
    (tmp_path / "tea/__init__.py").write_text("leaves = 3\n", encoding="utf-8")
    (tmp_path / "tea/broken.py").write_text("def (\n", encoding="utf-8")
    (tmp_path / "tea/text.txt").write_text("green", encoding="utf-8")
    packed = pack.pack(str(tmp_path), "/lib/tea.zip")
    assert packed == pack.pack(str(tmp_path), "/lib/tea.zip")
    with zipfile.ZipFile(io.BytesIO(packed)) as made:
        assert made.namelist() == ["tea/__init__.pyc", "tea/text.txt"]
    file = tmp_path / "tea.zip"
    file.write_bytes(packed)
    code = f"import sys; sys.path.insert(0, {str(file)!r}); import tea; print(tea.leaves, tea.__file__)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["3", f"{file}{os.sep}tea{os.sep}__init__.pyc"]


def test_a_site_is_built_without_run_where_it_cannot_be_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(root: Path) -> None:
        raise bundle.NoRunError("there is no network")

    started: list[object] = []

    def languages(*values: object, run: object, books: object) -> list[object]:
        started.append(run)
        return []

    monkeypatch.setattr(build.bundle, "ready", fails)
    monkeypatch.setattr(build, "build_languages", languages)
    site = TinySite(tmp_path / "tiny")
    monkeypatch.setattr(build.sources, "faults", lambda root: [])
    assert build.build(site.root, tmp_path / "build")
    assert "the site has no Run: there is no network\n" in capsys.readouterr().out
    # Else it would find that nothing has changed, and say what it said.
    (tmp_path / "build" / "built.json").unlink()
    assert build.build(site.root, tmp_path / "build", False)
    assert "Run" not in capsys.readouterr().out
    assert started == [None, None]
    # Where it is asked for, as in CI, it is a fault.
    assert not build.build(site.root, tmp_path / "build", True)
    assert len(started) == 2


@proves(
    "about/house",
    "The result is kept in .cache/run/ and published as _run/ above the languages.",
)
def test_what_was_made_is_published_above_the_languages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = TinySite(tmp_path / "tiny")
    shutil.copytree(LOCK, site.root / ".lock/run")
    made = site.root / ".cache/run" / bundle.key(site.root / ".lock/run")
    made.mkdir(parents=True)
    (made / bundle.MANIFEST).write_text("{}", encoding="utf-8")
    monkeypatch.setattr(build, "build_languages", lambda *values, **options: [])
    monkeypatch.setattr(build.sources, "faults", lambda root: [])
    assert build.build(site.root, tmp_path / "build")
    assert (tmp_path / "build/html/_run" / bundle.MANIFEST).read_text(encoding="utf-8") == "{}"


def test_no_library_of_the_environment_is_missing() -> None:
    for name in libraries.versions():
        try:
            distribution(name)
        except PackageNotFoundError:
            pytest.fail(f"{name} is packed for the browser and not installed here")
