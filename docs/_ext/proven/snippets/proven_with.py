"""A line under the title of every page with snippets: which versions this build ran them with.

It has no markup; a page gets it by showing a snippet or an exchange, which is noted with :func:`note`. Python, Flask
and Werkzeug are always named; the other libraries of :data:`LIBRARIES` where a snippet of the page imports them.
"""

from __future__ import annotations

import platform
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.locale import _
from sphinx.util.typing import ExtensionMetadata

from proven.base.project import ROOT
from proven.snippets.imports import libraries

# Name as it is written in prose, distribution, by the name it is imported by.
LIBRARIES = {
    "flask": ("Flask", "flask"),
    "werkzeug": ("Werkzeug", "werkzeug"),
    "jinja2": ("Jinja", "jinja2"),
    "itsdangerous": ("ItsDangerous", "itsdangerous"),
    "blinker": ("Blinker", "blinker"),
    "wtforms": ("WTForms", "wtforms"),
    "flask_wtf": ("Flask-WTF", "flask-wtf"),
    "sqlalchemy": ("SQLAlchemy", "sqlalchemy"),
    "flask_sqlalchemy": ("Flask-SQLAlchemy", "flask-sqlalchemy"),
    "flask_session": ("Flask-Session", "flask-session"),
    "redis": ("redis-py", "redis"),
    "pymemcache": ("pymemcache", "pymemcache"),
    "pymongo": ("PyMongo", "pymongo"),
    "psycopg": ("Psycopg", "psycopg"),
    "babel": ("Babel", "babel"),
    "limits": ("limits", "limits"),
    "secure": ("secure", "secure"),
    "a2wsgi": ("a2wsgi", "a2wsgi"),
    "pydantic": ("Pydantic", "pydantic"),
    "apiflask": ("APIFlask", "apiflask"),
    "argon2": ("argon2-cffi", "argon2-cffi"),
    "flask_cors": ("Flask-CORS", "flask-cors"),
    "flask_login": ("Flask-Login", "flask-login"),
    "authlib": ("Authlib", "authlib"),
    "joserfc": ("joserfc", "joserfc"),
    "flask_migrate": ("Flask-Migrate", "flask-migrate"),
    "alembic": ("Alembic", "alembic"),
    "rq": ("RQ", "rq"),
    "celery": ("Celery", "celery"),
    "flask_sock": ("Flask-Sock", "flask-sock"),
    "flask_caching": ("Flask-Caching", "flask-caching"),
    "asyncpg": ("asyncpg", "asyncpg"),
    "httpx": ("HTTPX", "httpx"),
    "quart": ("Quart", "quart"),
}
ALWAYS = {"flask", "werkzeug"}


def versions() -> dict[str, str]:
    """Return the version of each library as installed, by the name it is imported by."""
    return {name: version(distribution) for name, (_, distribution) in LIBRARIES.items()}


def note(env: BuildEnvironment, module: str) -> None:
    """Note that the page that is being read shows the snippet ``module`` or runs it."""
    env.metadata[env.docname].setdefault("proven_with", set()).add(module)


def line_of(root: Path, modules: Iterable[str], versions: dict[str, str]) -> str:
    """Return what the line says for a page with these modules."""
    imported = ALWAYS.union(*(libraries(root, module) for module in modules))
    names = [f"Python {platform.python_version()}"]
    names += [f"{LIBRARIES[name][0]} {versions[name]}" for name in LIBRARIES if name in imported]
    return _("Every snippet on this page ran in this build: %(versions)s") % {
        "versions": " · ".join(names)
    }


def add_line(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the line under the page's title."""
    modules = app.env.metadata[docname].get("proven_with")
    title = doctree.next_node(nodes.title)
    if app.builder.format != "html" or not modules or title is None:
        return
    text = line_of(ROOT, sorted(modules), app.config.proven_with)
    line = nodes.paragraph(text, text, classes=["proven-with"])
    title.parent.insert(title.parent.index(title) + 1, line)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the line; a page is written anew when a version changes."""
    proven_with = {"python": platform.python_version(), **versions()}
    app.add_config_value("proven_with", proven_with, "env", types=frozenset({dict}))
    app.connect("doctree-resolved", add_line)
    return {"env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
