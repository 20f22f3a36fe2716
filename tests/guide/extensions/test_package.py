"""The extension is built and installed, without a network: docs/guide/extensions.md."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import shutil
import sys
import zipfile
from pathlib import Path

import flask
import pytest

from proven.base.project import ROOT
from proven.claims.proofs import proves
from tests.guide.extensions.common import SNIPPETS, SOURCE, run
from tests.needs import module, programs

WHEEL = "flask_notice-1.0-py3-none-any.whl"
# What Flask needs, where this Python has it: the new environment has the wheel and nothing else of its own.
LIBRARIES = str(Path(flask.__file__).parents[1])


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the project, laid out as the page shows it."""
    folder = tmp_path_factory.mktemp("flask-notice")
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(SNIPPETS / name, folder)
    unwanted = shutil.ignore_patterns("__pycache__")
    shutil.copytree(SNIPPETS / "flask_notice", folder / "flask_notice", ignore=unwanted)
    (folder / "tests").mkdir()
    shutil.copy(ROOT / "tests/guide/extensions/project/test_notice.py", folder / "tests")
    return folder


@pytest.fixture(scope="module")
def uv() -> str:
    return programs("python3 -m pip install uv", "uv")[0]


def backend() -> str:
    """Return where the build backend is, so that no network is needed."""
    module("flit_core", "python3 -m pip install flit-core")
    spec = importlib.util.find_spec("flit_core")
    assert spec
    assert spec.origin
    return str(Path(spec.origin).parents[1])


def build(uv: str, folder: Path) -> Path:
    words = ("--wheel", "--no-build-isolation", "--python", sys.executable)
    run(uv, "build", *words, folder=folder, PYTHONPATH=backend())
    return folder / "dist" / WHEEL


def environment(uv: str, folder: Path) -> Path:
    run(uv, "venv", "--quiet", "--python", sys.executable, folder, folder=folder.parent)
    return folder / "bin" / "python"


@pytest.fixture(scope="module")
def wheel(uv: str, project: Path) -> Path:
    return build(uv, project)


def test_the_layout(project: Path) -> None:
    tree = SOURCE.split("flask-notice/\n")[1].split("```")[0]
    shown = {line.split()[-1].strip("/") for line in tree.splitlines() if line}
    there = {p.relative_to(project).as_posix() for p in project.rglob("*.*") if p.is_file()}
    there -= {name for name in there if name.startswith("dist/")}
    assert {name.rpartition("flask_notice/")[2] for name in there} | {"flask_notice"} == shown


@proves(
    "guide/extensions",
    "It finds the package by the name of the project, and takes all files of its folder: "
    "templates, static files and py.typed, an empty file that tells type checkers to read "
    "your annotations.",
    "List what it contains with python -m zipfile --list, and tell the build backend to "
    "take such files.",
)
def test_the_wheel(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        metadata = archive.read("flask_notice-1.0.dist-info/METADATA").decode()
    below = {name for name in names if name.startswith("flask_notice/")}
    files = SNIPPETS.joinpath("flask_notice").rglob("*.*")
    assert below == {
        file.relative_to(SNIPPETS).as_posix() for file in files if file.suffix != ".pyc"
    }
    assert "flask_notice/py.typed" in below
    assert "Requires-Dist: flask>=3\n" in metadata
    listed = run(sys.executable, "-m", "zipfile", "--list", wheel, folder=wheel.parent)
    assert "flask_notice/templates/notice/bar.html" in listed


@proves("guide/extensions", "An application with nothing but the extension is enough.")
def test_the_installed_extension(uv: str, wheel: Path, project: Path, tmp_path: Path) -> None:
    python = environment(uv, tmp_path / "fresh")
    run(uv, "pip", "install", "--no-deps", "--python", python, wheel, folder=tmp_path)
    (tmp_path / "elsewhere").mkdir()
    code = "import flask_notice; print(flask_notice.__file__)"
    place = run(python, "-c", code, folder=tmp_path, PYTHONPATH=LIBRARIES)
    assert Path(place.strip()).is_relative_to(tmp_path / "fresh")
    printed = run(
        *(python, "-m", "pytest", "--quiet", "-pno:cacheprovider", project / "tests"),
        folder=tmp_path / "elsewhere",
        PYTHONPATH=LIBRARIES,
        PYTEST_DISABLE_PLUGIN_AUTOLOAD="1",
    )
    assert "4 passed" in printed


@proves(
    "guide/extensions",
    "This finds what is missing in the wheel.",
    "The wheel does not contain the template.",
)
def test_a_template_that_the_wheel_lacks(uv: str, project: Path, tmp_path: Path) -> None:
    shutil.copytree(project, tmp_path / "broken", ignore=shutil.ignore_patterns("dist"))
    (tmp_path / "broken/flask_notice/templates/notice/bar.html").unlink()
    wheel = build(uv, tmp_path / "broken")
    assert "bar.html" not in run(sys.executable, "-m", "zipfile", "--list", wheel, folder=tmp_path)
    python = environment(uv, tmp_path / "fresh")
    run(uv, "pip", "install", "--no-deps", "--python", python, wheel, folder=tmp_path)
    with pytest.raises(AssertionError, match=r"TemplateNotFound: notice/bar\.html"):
        run(
            *(python, "-m", "pytest", "--quiet", "-pno:cacheprovider", project / "tests"),
            folder=tmp_path,
            PYTHONPATH=LIBRARIES,
            PYTEST_DISABLE_PLUGIN_AUTOLOAD="1",
        )


@proves(
    "guide/extensions",
    "While you work on the extension, uv pip install --editable . installs a link to your "
    "folder, and a change counts at once.",
)
def test_an_editable_installation(uv: str, project: Path, tmp_path: Path) -> None:
    own = tmp_path / "own"
    shutil.copytree(project, own, ignore=shutil.ignore_patterns("dist"))
    python = environment(uv, tmp_path / "fresh")
    words = ("--no-deps", "--no-build-isolation", "--python", python, "--editable", ".")
    run(uv, "pip", "install", *words, folder=own, PYTHONPATH=backend())
    code = "import flask_notice; print(getattr(flask_notice, 'NEW', 'old'))"
    assert run(python, "-c", code, folder=tmp_path, PYTHONPATH=LIBRARIES) == "old\n"
    with own.joinpath("flask_notice/__init__.py").open("a") as file:
        file.write("NEW = 'new'\n")
    assert run(python, "-c", code, folder=tmp_path, PYTHONPATH=LIBRARIES) == "new\n"


@proves("guide/extensions", "flit-core builds Flask itself too.")
def test_flask_is_built_with_flit() -> None:
    made = importlib.metadata.distribution("flask").read_text("WHEEL")
    assert made
    assert "Generator: flit" in made
