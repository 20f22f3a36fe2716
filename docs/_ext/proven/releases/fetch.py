"""Lists the releases of a library on a package index and unpacks their source files into a cache.

Nothing that is fetched is ever imported or run: an archive is opened, its ``.py`` files and its
metadata are written below the cache folder, and that is all.
"""

from __future__ import annotations

import os
import shutil
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

import pypi_simple
import requests
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from proven.releases.records import HistoryError


@dataclass(frozen=True)
class Release:
    """A final release of a library, and the file that it is read from."""

    project: str
    version: Version
    package: pypi_simple.DistributionPackage = field(repr=False, compare=False)

    @property
    def label(self) -> str:
        """What messages call it."""
        return f"{self.project} {self.version}"

    @property
    def minor(self) -> tuple[int, int]:
        """The first two numbers of its version."""
        return (self.version.major, self.version.minor)


class Index:
    """The package index: the one that pip is told to use, else the default of ``pypi-simple``."""

    def __init__(self, cache: Path, endpoint: str | None = None) -> None:
        self.cache = cache
        self.endpoint = (
            endpoint or os.environ.get("PIP_INDEX_URL") or pypi_simple.PYPI_SIMPLE_ENDPOINT
        )
        self.session = requests.Session()
        certificates = os.environ.get("PIP_CERT")
        if certificates:
            self.session.verify = certificates
        self.client = pypi_simple.PyPISimple(endpoint=self.endpoint, session=self.session)

    def releases(self, project: str, first: str) -> list[Release]:
        """The final releases of ``project`` from ``first`` on, oldest first."""
        try:
            page = self.client.get_project_page(project, timeout=60)
        except pypi_simple.NoSuchProjectError:
            raise HistoryError(f"{project}: the index does not know this project") from None
        except requests.RequestException as error:
            raise HistoryError(
                f"{project}: the index cannot be reached ({_reason(error)}); "
                "check the network or PIP_INDEX_URL"
            ) from None
        found: dict[Version, list[pypi_simple.DistributionPackage]] = {}
        for package in page.packages:
            if package.is_yanked or package.package_type not in {"wheel", "sdist"}:
                continue
            if canonicalize_name(package.project or "") != canonicalize_name(project):
                continue
            try:
                version = Version(package.version or "")
            except InvalidVersion:
                continue
            if version.is_prerelease or version.is_devrelease or version < Version(first):
                continue
            found.setdefault(version, []).append(package)
        releases = [
            Release(project, version, _preferred(found[version])) for version in sorted(found)
        ]
        if not releases or releases[0].version != Version(first):
            raise HistoryError(
                f"{project} {first}: the index has no file of this release, the first one to read"
            )
        return releases

    def fetch(self, release: Release) -> Path:
        """The folder with the unpacked source of ``release``; downloaded if it is not in the cache."""
        target = self.cache / "source" / f"{release.project}-{release.version}"
        if target.is_dir():
            return target
        archive = self.cache / "files" / release.package.filename
        if not archive.is_file():
            archive.parent.mkdir(parents=True, exist_ok=True)
            partial = archive.with_name(archive.name + ".part")
            try:
                self.client.download_package(release.package, partial, timeout=120)
            except pypi_simple.DigestMismatchError:
                raise HistoryError(
                    f"{release.label}: {release.package.filename} is not the file that the index announces"
                ) from None
            except pypi_simple.NoDigestsError:
                raise HistoryError(
                    f"{release.label}: the index gives no digest for {release.package.filename}"
                ) from None
            except (requests.RequestException, OSError) as error:
                raise HistoryError(
                    f"{release.label}: {release.package.filename} cannot be downloaded ({_reason(error)})"
                ) from None
            partial.replace(archive)
        partial_folder = target.with_name(target.name + ".part")
        shutil.rmtree(partial_folder, ignore_errors=True)
        partial_folder.mkdir(parents=True)
        try:
            for name, content in _members(archive):
                path = partial_folder / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
        except (zipfile.BadZipFile, tarfile.TarError, EOFError, OSError) as error:
            archive.unlink(missing_ok=True)
            raise HistoryError(
                f"{release.label}: {archive.name} cannot be unpacked ({error})"
            ) from None
        partial_folder.replace(target)
        return target


def _reason(error: Exception) -> str:
    """The shortest true account of ``error``: requests nests them three deep."""
    if isinstance(error, requests.HTTPError) and error.response is not None:
        return f"it answers {error.response.status_code}"
    if isinstance(error, requests.ConnectionError):
        return "no connection"
    if isinstance(error, requests.Timeout):
        return "no answer in time"
    return type(error).__name__


def _preferred(packages: list[pypi_simple.DistributionPackage]) -> pypi_simple.DistributionPackage:
    """A pure wheel, else any wheel, else the source distribution: always the same for the same files."""

    def rank(package: pypi_simple.DistributionPackage) -> tuple[int, str]:
        if package.package_type == "wheel":
            return (0 if package.filename.endswith("-none-any.whl") else 2, package.filename)
        return (1 if package.filename.endswith(".tar.gz") else 3, package.filename)

    return min(packages, key=rank)


_METADATA = {"METADATA", "PKG-INFO"}


def _wanted(name: str) -> bool:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name:
        return False
    return (
        path.suffix == ".py"
        or path.name in _METADATA
        or path.stem.upper() in {"CHANGES", "CHANGELOG"}
    )


def _members(archive: Path) -> Iterator[tuple[str, bytes]]:
    """The files worth reading in ``archive``; a source distribution loses its outermost folder."""
    if archive.suffix in {".whl", ".zip"}:
        with zipfile.ZipFile(archive) as wheel:
            for info in wheel.infolist():
                name = info.filename if archive.suffix == ".whl" else _inner(info.filename)
                if name and not info.is_dir() and _wanted(name):
                    yield name, wheel.read(info)
        return
    with tarfile.open(archive) as sdist:
        for member in sdist:
            name = _inner(member.name)
            if name and member.isfile() and _wanted(name):
                stream = sdist.extractfile(member)
                if stream is not None:
                    yield name, stream.read()


def _inner(name: str) -> str:
    return name.partition("/")[2]


def progress(text: str) -> None:
    """One line that overwrites itself on a terminal, a line each elsewhere."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{text}")
    else:
        sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def end_progress() -> None:
    """Leave the line that progress overwrites."""
    if sys.stderr.isatty():
        sys.stderr.write("\n")
