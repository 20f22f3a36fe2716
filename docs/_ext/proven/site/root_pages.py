"""The files above the folders of the languages: the page that picks one, the page for what is not there, robots.txt."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader

from proven.site.language_switch import alternates
from proven.translation import catalogs
from proven.translation.languages import LANGUAGES, SOURCE, TRANSLATED, Language, base_url

Texts = Mapping[str, str]


class Own(dict[str, str]):
    """The texts of a language; what it lacks stands in the source language."""

    def __missing__(self, text: str) -> str:
        return text


def root_pages(root: Path) -> dict[str, str]:
    """Return the content of each file by its name.

    ``robots.txt`` and the sitemap of the sitemaps are among them if the address of the published site is known.

    Raises:
        TemplateError: if a template cannot be read.
    """
    templates = Environment(loader=FileSystemLoader(root / "docs" / "_templates"), autoescape=True)
    base = base_url(os.environ)
    texts = [(language, catalogs.interface(root, language)) for language in TRANSLATED]
    found = {
        "index.html": templates.get_template("root.html").render(
            languages=LANGUAGES,
            folders=_by_tag(),
            alternates=alternates(base, "index") if base else [],
            texts=texts,
            _=str,
        ),
        "404.html": templates.get_template("404.html").render(
            languages=LANGUAGES,
            texts=[(SOURCE, Own()), *((language, Own(own)) for language, own in texts)],
            base=urlsplit(base).path or "/",
            _=str,
        ),
    }
    if base:
        found["robots.txt"] = f"User-agent: *\nAllow: /\n\nSitemap: {base}sitemap.xml\n"
        found["sitemap.xml"] = _sitemaps(base, LANGUAGES)
    return {name: f"{text.rstrip()}\n" for name, text in found.items()}


def _by_tag() -> dict[str, str]:
    """Return the folder of a language by its tag.

    By primary subtag too: a reader of Chinese, wherever, is served by the first Chinese edition.
    """
    folders = {language.tag.split("-")[0]: language.folder for language in reversed(LANGUAGES)}
    return folders | {language.tag.lower(): language.folder for language in LANGUAGES}


def _sitemaps(base: str, languages: tuple[Language, ...]) -> str:
    entries = "".join(
        f"<sitemap><loc>{base}{language.folder}/sitemap.xml</loc></sitemap>\n"
        for language in languages
    )
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    return f'{head}<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{entries}</sitemapindex>'
