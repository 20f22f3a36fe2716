"""The foot of each page: when it last changed, where to change it, under which licence.

It has no markup; ``page.html`` writes it. The dates are those of git, of the page's source in this language: without a
repository there are none. The links have the form of GitHub, Gitea and Forgejo, ``/edit/<branch>/<file>`` and
``/issues/new``. They are absent where ``repository`` in ``conf.py`` has no address.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.typing import ExtensionMetadata

from proven.base.days import last_changed
from proven.base.project import ROOT
from proven.translation import catalogs
from proven.translation.languages import SOURCE, by_code


def sources(language: str, page: str) -> list[str]:
    """Return the files that a page is written in, the one that a reader of this language would change first."""
    original = f"docs/{page}.md"
    if language == SOURCE.code:
        return [original]
    catalog = catalogs.path(ROOT, by_code(language), page)
    return [catalog.relative_to(ROOT).as_posix(), original]


def links(address: str, branch: str, file: str, title: str) -> dict[str, str]:
    """Return where a file can be changed and where a mistake can be reported."""
    report = urlencode({"title": f"{title}: ", "body": f"{file}\n\n"}, quote_via=quote)
    return {
        "repository": address,
        "edit": f"{address}/edit/{quote(branch)}/{quote(file)}",
        "report": f"{address}/issues/new?{report}",
    }


def compare(app: Sphinx, env: BuildEnvironment, *_: object) -> list[str]:
    """Return the pages whose day is another one than when they were read."""
    days, language = last_changed(ROOT), app.config.language
    known: Mapping[str, list[str]] = getattr(env, "proven_days", {})
    its = {
        page: [days[file] for file in sources(language, page) if file in days]
        for page in env.found_docs
    }
    env.proven_days = its  # type: ignore[attr-defined]  # the place that Sphinx has for what extensions keep
    return [page for page in its if page in known and known[page] != its[page]]


def add_to_context(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Give the template the day and the links of a page."""
    days = getattr(app.env, "proven_days", {}).get(pagename)
    context["last_changed"] = max(days) if days else None
    address = app.config.repository.rstrip("/")
    if pagename in app.env.found_docs:
        file = sources(app.config.language, pagename)[0]
    else:  # the page of a snippet, or one that is made of no file
        file = f"snippets/{pagename.removeprefix('code/')}.py"
    if address and ROOT.joinpath(file).is_file():
        context.update(links(address, app.config.repository_branch, file, pagename))


def setup(app: Sphinx) -> ExtensionMetadata:
    """Add the settings and the context."""
    app.add_config_value("repository", "", "html", str)
    app.add_config_value("repository_branch", "main", "html", str)
    app.connect("env-get-outdated", compare)
    app.connect("html-page-context", add_to_context)
    return {"env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
