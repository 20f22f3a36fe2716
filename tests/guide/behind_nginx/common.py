"""What the tests of docs/guide/behind-nginx.md share: nginx with the files of the page, before real servers."""

from __future__ import annotations

import http.client
import json
import shutil
import signal
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.guide.deployment.common import serving
from tests.needs import programs
from tests.servers import Server, _connects, free_port, running
from tests.source import Source

ROOT = Path(__file__).parents[3]
SNIPPETS = ROOT / "snippets" / "behind_nginx"
_SOURCE = Source("guide/behind-nginx")
PAGE = _SOURCE.text
on_the_page = _SOURCE.quotes
table = _SOURCE.table
PROXIED = "snippets.behind_nginx.proxied:app"

MAIN = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log info;
worker_processes 1;
events {{}}
http {{
    include /etc/nginx/mime.types;
    access_log {folder}/access.log;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {site}
}}
"""


@dataclass(frozen=True)
class Answer:
    """What nginx sent."""

    status: int
    headers: dict[str, str]
    text: str

    @property
    def json(self) -> dict[str, str]:
        found: dict[str, str] = json.loads(self.text)
        return found


class Nginx(Server):
    """nginx, started with the lines of `site` on its port."""

    def __init__(self, site: str, second: int = 0) -> None:
        (self._program,) = programs("apt-get install nginx-light", "nginx")
        self._site, self.second = site, second or free_port()
        super().__init__(self._of, _connects, stop=signal.SIGTERM)
        # its workers are another user's if it was started by root
        self.folder.chmod(0o755)

    def _of(self, port: int, folder: Path) -> list[str]:
        ports = {
            "listen 80": f"listen 127.0.0.1:{port}",
            "listen 443": f"listen 127.0.0.1:{self.second}",
        }
        site = self._site.replace("/srv/shop/", f"{folder}/").replace("/etc/shop/", f"{folder}/")
        for written, own in ports.items():
            site = site.replace(written, own)
        file = folder / "nginx.conf"
        file.write_text(MAIN.format(folder=folder, site=site), encoding="utf-8")
        shutil.copytree(SNIPPETS / "static", folder / "static", dirs_exist_ok=True)
        return [self._program, "-c", str(file), "-p", str(folder), "-e", str(folder / "error.log")]

    def ask(
        self,
        path: str = "/where",
        method: str = "GET",
        body: bytes | None = None,
        secure: bool = False,
        **headers: str,
    ) -> Answer:
        """Send one request; in the name of a header, `_` stands for `-`."""
        port = self.second if secure else self.port
        sent = {"Host": f"shop.example:{port}"} | {
            k.replace("_", "-"): v for k, v in headers.items()
        }
        context = ssl._create_unverified_context()
        made = (
            http.client.HTTPSConnection("127.0.0.1", port, timeout=60, context=context)
            if secure
            else http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        )
        try:
            made.request(method, path, body, sent)
            answer = made.getresponse()
            return Answer(answer.status, dict(answer.getheaders()), answer.read().decode())
        finally:
            made.close()

    @property
    def errors(self) -> str:
        """The log of errors."""
        return (self.folder / "error.log").read_text(encoding="utf-8")


def written(file: str) -> str:
    """Return a file of configuration as the page shows it."""
    return SNIPPETS.joinpath(file).read_text(encoding="utf-8")


def with_location(text: str) -> str:
    """Return the site with one more location in it."""
    return written("site.conf").replace("    location / {", f"{text}\n    location / {{", 1)


def certificate(folder: Path) -> None:
    """Make a certificate and its key."""
    (openssl,) = programs("apt-get install openssl", "openssl")
    subprocess.run(
        [
            *[openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"],
            *["-nodes", "-days", "2", "-subj", "/CN=shop.example"],
            *["-keyout", str(folder / "key.pem"), "-out", str(folder / "certificate.pem")],
        ],
        check=True,
        capture_output=True,
    )


@contextmanager
def nginx(site: str, backend: str | int = PROXIED, *options: str) -> Iterator[Nginx]:
    """Run nginx with a site, and behind it Gunicorn with an application, or what listens on a port."""
    with ExitStack() as stack:
        if isinstance(backend, str):
            path = "/upload" if backend == PROXIED else "/"
            behind = stack.enter_context(serving("gunicorn", *options, backend, path=path))
            backend = behind.port
        server = Nginx(site.replace("127.0.0.1:8000", f"127.0.0.1:{backend}"))
        if "443" in site:
            certificate(server.folder)
        yield stack.enter_context(running(server))  # type: ignore[misc]
