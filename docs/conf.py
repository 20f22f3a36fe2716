"""Sphinx configuration: the source is built as it stands, a translation with ``-D language=`` and its code."""

import os
import sys
from pathlib import Path

DOCS = Path(__file__).resolve().parent
ROOT = DOCS.parent
sys.path[:0] = [str(ROOT), str(DOCS / "_ext")]

from proven.translation import languages  # noqa: E402  found through the path above

project = "Proven Flask"
author = "The Proven Flask contributors"
copyright = "The Proven Flask contributors"

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx.ext.doctest",
    "sphinx.ext.intersphinx",
    "sphinx_copybutton",
    "proven",  # ours, a room a capability: docs/_ext/proven/
]

exclude_patterns = ["_*", "Thumbs.db"]
templates_path = ["_templates"]
nitpicky = True
# Types of ours that stand in signatures only, and libraries that publish no inventory.
nitpick_ignore_regex = [
    ("py:class", r"snippets\.sessions\.\w+\.\w+"),
    ("py:class", r"redis\..+|pymongo\..+|MongoClient|SansIOResponse|datetime"),
]
today_fmt = "%Y-%m-%d"

# Translation: one catalog a page, no line numbers in it (they would change with every edit).
language = languages.SOURCE.code
locale_dirs = ["../locale"]
gettext_compact = False
gettext_location = False
figure_language_filename = "{root}.{language}{ext}"

myst_enable_extensions = ["attrs_block", "attrs_inline", "colon_fence", "deflist", "fieldlist"]
# Smart quotes would make “” of quotes in one language only.
smartquotes = False

autodoc_typehints = "description"
autodoc_member_order = "bysource"
autodoc_default_options = {"members": True, "show-inheritance": True}
napoleon_google_docstring = True
napoleon_numpy_docstring = False
napoleon_use_ivar = True
# As at a prompt: no module is there that was not imported, and a function belongs to one.
doctest_global_setup = '__name__ = "__main__"'
doctest_test_doctest_blocks = "default"

# Committed, so that a build needs no network; `nox -s inventories` refreshes them.
intersphinx_mapping = {
    name: (url, str(DOCS / "_inventories" / f"{name}.inv"))
    for name, url in {
        "python": "https://docs.python.org/3/",
        "flask": "https://flask.palletsprojects.com/en/stable/",
        "werkzeug": "https://werkzeug.palletsprojects.com/en/stable/",
        "jinja": "https://jinja.palletsprojects.com/en/stable/",
        "click": "https://click.palletsprojects.com/en/stable/",
        "itsdangerous": "https://itsdangerous.palletsprojects.com/en/stable/",
        "blinker": "https://blinker.readthedocs.io/en/stable/",
        "wtforms": "https://wtforms.readthedocs.io/en/stable/",
        "sqlalchemy": "https://docs.sqlalchemy.org/en/21/",
        "flask-sqlalchemy": "https://flask-sqlalchemy.readthedocs.io/en/stable/",
        "flask-session": "https://flask-session.readthedocs.io/en/stable/",
        "pytest": "https://docs.pytest.org/en/stable/",
    }.items()
}

# What a reader starts on the own machine is not there when `nox -s links` asks.
linkcheck_ignore = [r"http://(127\.0\.0\.1|localhost)\b"]

html_theme = "furo"
html_static_path = ["_static"]
html_css_files = ["proven.css"]

html_copy_source = False
# A list of every documented name helps nobody here: search finds them, in both languages.
html_use_index = False
html_domain_indices = False
html_show_sourcelink = False
html_baseurl = languages.base_url(os.environ)
# Where the sources are published; without it the foot of a page has no links.
repository = os.environ.get("PROVEN_REPOSITORY", "")
# The teal of the icon, as light and as dark as links have to be.
html_theme_options = {
    "top_of_page_buttons": [],
    "light_css_variables": dict.fromkeys(["color-brand-primary", "color-brand-content"], "#0a6e62"),
    "dark_css_variables": dict.fromkeys(["color-brand-primary", "color-brand-content"], "#4fd1bd"),
}
html_sidebars = {
    "**": [
        "sidebar/brand.html",
        "components/language-switch.html",
        "components/versions.html",
        "sidebar/search.html",
        "sidebar/scroll-start.html",
        "sidebar/navigation.html",
        "sidebar/scroll-end.html",
    ]
}
copybutton_selector = "div.highlight:not(.no-copy *) pre"
copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True
copybutton_only_copy_prompt_lines = True
# The style sheet draws it over its name: the icon that comes with it has five elements, times a hundred blocks of code.
copybutton_image_svg = "<b>${messages[locale]['copy_to_clipboard']}</b>"
