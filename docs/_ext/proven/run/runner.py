"""Runs a snippet in the browser: imports it, sends its requests, says what came back. Only plain data go in and out.

It runs in Pyodide, where the worker calls :func:`load` and :func:`send` with JSON. It imports nothing of this package,
and it works in CPython too, where the tests call it.
"""

from __future__ import annotations

import ast
import base64
import codeop
import contextlib
import gc
import gzip
import hashlib
import importlib
import importlib.machinery
import io
import json
import linecache
import logging
import os
import random
import sys
import time
import traceback
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

#: The package that all files of a snippet lie in.
PACKAGE = "snippets"
#: Bytes of a body that are shown.
LONGEST = 1_000_000
#: Characters of what is printed and logged.
MOST = 50_000
#: How the file names of what was typed in a console begin.
TYPED = "<console-"


class Log(io.StringIO):
    """Takes what is printed and logged, up to a limit."""

    def write(self, text: str) -> int:
        """Keep it, or say once that there is more."""
        left = MOST - self.tell()
        if left > 0:
            super().write(text[:left] + ("\n…\n" if len(text) > left else ""))
        return len(text)


class Printed(io.StringIO):
    """Keeps what goes to the standard output apart, and passes it on to where all of it is in order."""

    def __init__(self, log: Log) -> None:
        super().__init__()
        self.log = log

    def write(self, text: str) -> int:
        """Keep it."""
        super().write(text)
        return self.log.write(text)


class Program:
    """The snippet that runs, with its application and its client.

    Attributes:
        home: The folder that has the package of the snippets.
        app: The application, ``None`` before a snippet is loaded.
        client: The client with its cookie jar.
        raised: What the last request raised in the application.
        names: Those of the console that belongs to no snippet.
    """

    def __init__(self, home: Path) -> None:
        self.home = home
        self.app: Any = None
        self.client: Any = None
        self.raised: BaseException | None = None
        self.names: dict[str, Any] = {}
        self.typed = 0

    def load(self, module: str, files: dict[str, Any]) -> dict[str, Any]:
        """Write the files of a snippet, import it, make its application; forget all of the one before."""
        began = time.perf_counter()
        self.app = self.client = None
        forget()
        write(self.home, files)
        found: dict[str, Any] = {"ok": False, "rules": []}
        with captured() as log:
            try:
                self.app = application(importlib.import_module(module))
                self.client = self.app.test_client()
                self.hear()
                found["rules"] = rules(self.app)
                found["ok"] = True
            except BaseException as error:
                found["error"] = told(error, self.home)
        found["log"] = log.getvalue()
        found["milliseconds"] = (time.perf_counter() - began) * 1000
        return found

    def hear(self) -> None:
        """Keep the exception that a 500 comes from."""
        from flask import got_request_exception

        def keep(sender: Any, exception: BaseException, **_: Any) -> None:
            self.raised = exception

        self.keep = keep
        got_request_exception.connect(keep, self.app)

    def enter(self, files: dict[str, Any]) -> None:
        """Write the files that a console imports from, and begin with no names."""
        self.app = self.client = None
        forget()
        write(self.home, files)
        self.names = {"__name__": "__main__"}

    def push(self, source: str, module: str = "") -> dict[str, Any]:
        """Run what was typed in a console, as at a prompt.

        Args:
            source: One statement or several. A compound one is complete when an empty line follows it.
            module: The snippet whose names it sees; ``""`` for those of the console.

        Returns:
            Whether ``more`` is needed; else the ``output`` as a terminal shows it, what of it was ``printed`` to the
            standard output, and what was ``raised``.
        """
        self.typed += 1
        name = f"{TYPED}{self.typed}>"
        names = vars(sys.modules[module]) if module else self.names
        found: dict[str, Any] = {"more": False, "raised": ""}
        with captured() as log, contextlib.redirect_stdout(Printed(log)) as printed:
            try:
                if incomplete(source, name):
                    return {"more": True}
                linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
                for node in ast.parse(source, name).body:
                    exec(compile(ast.Interactive([node]), name, "single"), names)  # noqa: S102
            except BaseException as error:
                found["raised"] = "".join(traceback.format_exception_only(error))
                is_typo = isinstance(error, SyntaxError) and error.filename == name
                log.write(found["raised"] if is_typo else told(error, self.home)["text"])
        return found | {"output": log.getvalue(), "printed": printed.getvalue()}

    def clear(self) -> None:
        """Begin with an empty cookie jar."""
        if self.app is not None:
            self.client = self.app.test_client()

    def send(self, request: dict[str, Any], body: bytes) -> tuple[dict[str, Any], bytes]:
        """Send a request; return what is to be said of the answer, and its body."""
        if self.client is None:
            return {"ok": False, "error": {"text": "no snippet is loaded"}, "log": ""}, b""
        began = time.perf_counter()
        self.raised = None
        found: dict[str, Any] = {"ok": False}
        content = b""
        options: dict[str, Any] = {}
        if request.get("form") is not None:
            fields: dict[str, list[str]] = {}
            for name, value in request["form"]:
                fields.setdefault(name, []).append(value)
            options["data"] = fields
        elif body or request.get("content_type"):
            options["data"] = body
        if request.get("content_type"):
            options["content_type"] = request["content_type"]
        with captured() as log:
            try:
                response = self.client.open(
                    request["target"],
                    method=request["method"],
                    base_url=f"http://{request.get('host') or 'localhost:5000'}/",
                    headers=[tuple(header) for header in request.get("headers", ())],
                    follow_redirects=bool(request.get("follow")),
                    errors_stream=log,
                    **options,
                )
                content = limited(response)
                response.close()
                found |= {
                    "ok": True,
                    "status": response.status,
                    "headers": [[name, value] for name, value in response.headers],
                    "url": response.request.url,
                    "sent_cookie": response.request.headers.get("Cookie", ""),
                    "before": [
                        [each.status, each.headers.get("Location", "")] for each in response.history
                    ],
                }
            except BaseException as error:
                found["error"] = told(error, self.home)
        if self.raised is not None and "error" not in found:
            found["error"] = told(self.raised, self.home)
        found["log"] = log.getvalue()
        found["cookies"] = jar(self.app, self.client)
        found["milliseconds"] = (time.perf_counter() - began) * 1000
        return found, content


def incomplete(source: str, name: str) -> bool:
    """Say whether what was typed goes on: an open bracket, or a block that no empty line ends.

    Raises:
        SyntaxError: if it is no Python however it goes on.
    """
    if codeop.compile_command(source, name, "exec") is None:
        return True
    last = source.rpartition("\n")[2]
    return "\n" in source and last[:1].isspace() and bool(last.strip())


def forget() -> None:
    """Forget what belongs to the snippet before, so that nothing of it is left."""
    for name in [name for name in sys.modules if name.partition(".")[0] == PACKAGE]:
        del sys.modules[name]
    # Tables and the like belong to a library, not to a module of ours.
    logging.root.handlers.clear()
    linecache.clearcache()


def write(home: Path, files: dict[str, Any]) -> None:
    """Write the files of a snippet: text, or bytes as ``{"base64": …}``."""
    package = home / PACKAGE
    if package.is_dir():
        for path in sorted(package.rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
    for name, content in files.items():
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, str):
            path.write_text(content, encoding="utf-8")
        else:
            path.write_bytes(base64.b64decode(content["base64"]))
    if str(home) not in sys.path:
        sys.path.insert(0, str(home))
    # Only what may have changed: to read the contents of the packed libraries again takes longer than all else.
    for place, finder in sys.path_importer_cache.items():
        if place.startswith(str(home)) and isinstance(finder, importlib.machinery.FileFinder):
            finder.invalidate_caches()


def application(module: ModuleType) -> Any:
    """Return the application of a module, as ``flask --app`` finds it.

    Raises:
        RuntimeError: if it has none.
    """
    app = getattr(module, "app", None)
    if app is None and callable(getattr(module, "create_app", None)):
        app = module.create_app()
    if app is None:
        raise RuntimeError("the module defines no `app` and no `create_app()`")
    return app


def rules(app: Any) -> list[list[Any]]:
    """Return the rules of an application: path, methods, endpoint."""
    found = []
    for rule in app.url_map.iter_rules():
        methods = sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
        found.append([rule.rule, methods, rule.endpoint])
    return found


@contextlib.contextmanager
def captured() -> Iterator[Log]:
    """Take what is printed, and what loggers write to the standard error."""
    log = Log()
    with contextlib.redirect_stdout(log), contextlib.redirect_stderr(log):
        yield log


def limited(response: Any) -> bytes:
    """Return the body, or the beginning of one that is very long or never ends."""
    body = bytearray()
    for part in response.iter_encoded():
        body += part
        if len(body) > LONGEST:
            break
    return bytes(body[:LONGEST])


def told(error: BaseException, home: Path) -> dict[str, Any]:
    """Return the traceback from the snippet's first line on, and the line that it ends with in the snippet."""
    place = str(home) + os.sep
    found = traceback.TracebackException.from_exception(error)
    cut(found, (place, TYPED))
    kind = type(error)
    name = kind.__qualname__
    if kind.__module__ not in ("builtins", "__main__"):
        name = f"{kind.__module__}.{name}"
    text = str(error).strip().partition("\n")[0].replace(place, "")
    answer: dict[str, Any] = {
        "text": "".join(found.format()).replace(place, ""),
        "said": f"{name}: {text}" if text else name,
    }
    if isinstance(error, SyntaxError) and (error.filename or "").startswith(place):
        frames = [(str(error.filename), error.lineno)]
    else:
        frames = [(frame.filename, frame.lineno) for frame in found.stack]
    inside = [(file, line) for file, line in frames if file.startswith(place)]
    if inside:
        file, line = inside[-1]
        answer |= {"file": file.removeprefix(place).replace(os.sep, "/"), "line": line}
    return answer


def cut(found: traceback.TracebackException, place: tuple[str, ...]) -> None:
    """Take away the frames before the first one in the snippet, of its causes too."""
    for position, frame in enumerate(found.stack):
        if frame.filename.startswith(place):
            del found.stack[:position]
            break
    for above in (found.__cause__, found.__context__):
        if above is not None:
            cut(above, place)


def jar(app: Any, client: Any) -> list[dict[str, Any]]:
    """Return the cookies that the client keeps; a signed session with what it holds."""
    found = []
    for cookie in (getattr(client, "_cookies", None) or {}).values():
        entry = {
            "name": cookie.key,
            "value": cookie.value,
            "path": cookie.path,
            "domain": cookie.domain,
            "http_only": cookie.http_only,
            "secure": cookie.secure,
            "same_site": cookie.same_site,
        }
        holds = session(app, cookie.key, cookie.value)
        if holds is not None:
            entry["session"] = holds
        found.append(entry)
    return found


def session(app: Any, name: str, value: str) -> str | None:
    """Return what a signed session cookie holds, as JSON; ``None`` if it is none."""
    signer = getattr(app.session_interface, "get_signing_serializer", None)
    if name != app.config.get("SESSION_COOKIE_NAME") or signer is None:
        return None
    try:
        return json.dumps(signer(app).loads(value), ensure_ascii=False, default=str)
    except Exception:
        return None


def fetched(name: str, fetch: Any, *arguments: str) -> bytes:
    """Return what a function of the page fetches.

    Raises:
        ImportError: if it cannot be fetched; it names the module that needs it.
    """
    try:
        content = bytes(fetch(*arguments).to_bytes())
    except Exception as error:
        raise ImportError(f"{name} could not be loaded: {error}", name=name) from None
    # A server that names the encoding has the browser unpack it.
    return gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content


class Rest:
    """Finds the modules of the standard library that were left behind, and has them fetched with the first of them.

    Args:
        names: These modules.
        fetch: Returns the zip that has them, perhaps compressed.
        place: Where it is put.
    """

    def __init__(self, names: list[str], fetch: Any, place: Path) -> None:
        self.names = frozenset(names)
        self.fetch = fetch
        self.place = place

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        """Find a module as :mod:`importlib` asks for it."""
        if name not in self.names:
            return None
        if not self.place.is_file():
            self.place.write_bytes(fetched(name, self.fetch))
        folder = self.place.joinpath(*name.split(".")[:-1])
        return importlib.machinery.PathFinder.find_spec(name, [str(folder)])


def supply_rest(names: str, fetch: Any, place: str = "/lib/rest.zip") -> None:
    """Let what was left behind of the standard library be imported: the names of its modules, as JSON."""
    sys.meta_path.append(Rest(json.loads(names), fetch, Path(place)))


class Late:
    """Finds the libraries that code asks for although the snippet, as it stands on the page, did without them.

    What libraries ask for is not brought: they try what they can do without.

    Args:
        bundles: The packages, each with the bundle that has it.
        fetch: Returns the zip of a bundle, perhaps compressed.
        unpacked: The bundles that do not work as a zip.
        place: Where all bundles are put.
    """

    def __init__(
        self, bundles: dict[str, str], fetch: Any, unpacked: list[str], place: Path
    ) -> None:
        self.bundles = bundles
        self.fetch = fetch
        self.unpacked = frozenset(unpacked)
        self.place = place

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        """Find a package as :mod:`importlib` asks for it."""
        if name not in self.bundles or asked_from().startswith(str(self.place)):
            return None
        bundle = self.bundles[name]
        folder = self.place / f"{bundle}.zip"
        if not folder.exists():
            content = fetched(name, self.fetch, bundle)
            if bundle in self.unpacked:
                import zipfile

                zipfile.ZipFile(io.BytesIO(content)).extractall(folder)
            else:
                folder.write_bytes(content)
            sys.path.append(str(folder))
        return importlib.machinery.PathFinder.find_spec(name, [str(folder)])


def asked_from() -> str:
    """Return the file whose import is being answered."""
    here = asked_from.__code__.co_filename
    frame = sys._getframe(1)
    while frame.f_back and (
        "importlib" in frame.f_code.co_filename or frame.f_code.co_filename == here
    ):
        frame = frame.f_back
    return frame.f_code.co_filename


def supply_libraries(bundles: str, fetch: Any, unpacked: str, place: str = "/lib") -> None:
    """Let libraries be imported whose bundles are not loaded: all of them, and those to be unpacked, as JSON."""
    sys.meta_path.append(Late(json.loads(bundles), fetch, json.loads(unpacked), Path(place)))


def supply_hashes(kdf: Any, to_js: Any) -> None:
    """Give :mod:`hashlib` what OpenSSL has and the browser has not: ``scrypt`` and ``pbkdf2_hmac``.

    Args:
        kdf: The functions of the page.
        to_js: How bytes get there.
    """

    def pbkdf2_hmac(
        hash_name: str, password: bytes, salt: bytes, iterations: int, dklen: int | None = None
    ) -> bytes:
        length = dklen or hashlib.new(hash_name).digest_size
        made = kdf.pbkdf2(hash_name, to_js(bytes(password)), to_js(bytes(salt)), iterations, length)
        return bytes(made.to_bytes())

    def scrypt(
        password: bytes, *, salt: bytes, n: int, r: int, p: int, maxmem: int = 0, dklen: int = 64
    ) -> bytes:
        made = kdf.scrypt(to_js(bytes(password)), to_js(bytes(salt)), n, r, p, dklen)
        return bytes(made.to_bytes())

    for name, function in (("pbkdf2_hmac", pbkdf2_hmac), ("scrypt", scrypt)):
        if not hasattr(hashlib, name):
            setattr(hashlib, name, function)


def supply_links() -> None:
    """Give :mod:`os` a ``link`` where the disk has no links: a copy, which nobody else can see half-done."""

    def link(source: Any, target: Any) -> None:
        with open(source, "rb") as read, open(target, "xb") as written:
            written.write(read.read())

    if not hasattr(os, "link"):
        os.link = link  # type: ignore[assignment,unused-ignore]


_program: list[Program] = []


def prepare(modules: str) -> None:
    """Do what every start does, so that the next one goes on from here: import some modules, named as JSON."""
    from importlib.metadata import MetadataPathFinder

    for name in json.loads(modules):
        importlib.import_module(name)
    versions()
    # It has the libraries open, and an open file cannot be kept.
    MetadataPathFinder().invalidate_caches()
    gc.collect()


def wake() -> None:
    """Make new what must not be as it was when the memory was kept."""
    random.seed()
    # Pyodide puts the folder where it is first again.
    sys.path.remove("")


@cache
def versions() -> str:
    """Return the versions of what runs, as JSON."""
    import platform
    from importlib.metadata import distributions

    found = {each.metadata["Name"]: each.version for each in distributions()}
    return json.dumps({"python": platform.python_version(), "libraries": found})


def start(home: str) -> str:
    """Begin; return the versions of what runs, as JSON."""
    Path(home).mkdir(parents=True, exist_ok=True)
    _program[:] = [Program(Path(home))]
    return versions()


def load(job: str) -> str:
    """Load a snippet: ``{"module": …, "files": {path: text}}``."""
    wanted = json.loads(job)
    return json.dumps(_program[0].load(wanted["module"], wanted["files"]))


def enter(files: str) -> None:
    """Begin a console: ``{path: text}``."""
    _program[0].enter(json.loads(files))


def push(source: str, module: str) -> str:
    """Run what was typed in a console."""
    return json.dumps(_program[0].push(source, module))


def clear() -> None:
    """Empty the cookie jar."""
    _program[0].clear()


def send(request: str, body: Any = None) -> tuple[str, bytes]:
    """Send a request; return what is said of the answer as JSON, and its body."""
    content = b"" if body is None else bytes(body.to_bytes() if hasattr(body, "to_bytes") else body)
    found, answer = _program[0].send(json.loads(request), content)
    return json.dumps(found), answer
