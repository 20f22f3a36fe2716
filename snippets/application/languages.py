"""Every text in the language of the reader, from gettext catalogs."""

from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask, Response, current_app

from .preferred import is_substitute, language


def gettext(text: str) -> str:
    return str(current_app.extensions["catalogs"][language()].gettext(text))


def ngettext(singular: str, plural: str, count: int) -> str:
    catalog = current_app.extensions["catalogs"][language()]
    return str(catalog.ngettext(singular, plural, count))


def marked(text: str) -> str:
    """Mark a text for the catalog that is translated later, where it is shown."""
    return text


def compiled(file: Path) -> GNUTranslations:
    memory = BytesIO()
    write_mo(memory, read_po(BytesIO(file.read_bytes())))
    memory.seek(0)
    return GNUTranslations(memory)


def init_app(app: Flask) -> None:
    files = Path(app.root_path, "translations").glob("*.po")
    app.extensions["catalogs"] = {"en": NullTranslations()} | {f.stem: compiled(f) for f in files}
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    app.add_template_filter(gettext, "translate")
    app.context_processor(lambda: {"language": language(), "is_substitute": is_substitute})
    app.after_request(named)


def named(response: Response) -> Response:
    if response.mimetype == "text/html":
        response.content_language = language()
        response.vary.update(["Accept-Language", "Cookie"])
    return response
