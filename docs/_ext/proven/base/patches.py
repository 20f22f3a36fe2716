"""Stand-ins for functions of docutils, MyST, Sphinx and Pygments that do the same work thousands of times a build.

Each says what that work is. They reach into the insides of these libraries, so :mod:`proven.base.shortcuts` takes them
only with releases that they were tested with. ``tests/site/test_shortcuts.py`` holds each to the original, and the
pages built with them to those built without.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import docutils.utils
from docutils import frontend, nodes
from myst_parser.mdit_to_docutils import base as myst
from myst_parser.mdit_to_docutils.sphinx_ import SphinxRenderer
from myst_parser.parsers.mdit import create_md_parser
from sphinx import highlighting
from sphinx.transforms import i18n
from sphinx.util import logging as sphinx_logging
from sphinx.util import nodes as sphinx_nodes
from sphinx.util.docutils import LoggingReporter

docutils_findall = nodes.Node.findall
docutils_settings = frontend.get_default_settings
sphinx_publish = i18n._publish_msgstr
sphinx_formatter = highlighting.PygmentsBridge.get_formatter

Condition = type | tuple[type, ...] | Callable[[nodes.Node], bool] | None


def findall(
    self: nodes.Node,
    condition: Condition = None,
    include_self: bool = True,
    descend: bool = True,
    siblings: bool = False,
    ascend: bool = False,
) -> Iterator[Any]:
    """Return the nodes below ``self`` in order, with a stack instead of a generator a level.

    docutils hands each node it finds up through one generator for each level of the tree, and Sphinx and MyST search
    each page some hundred times. Searches to the sides and upwards go on as before.
    """
    if not descend or siblings or ascend:
        return docutils_findall(self, condition, include_self, descend, siblings, ascend)
    return _below(self, condition, include_self)


def _below(node: nodes.Node, condition: Condition, include_self: bool) -> Iterator[nodes.Node]:
    kind: type | tuple[type, ...] = nodes.Node
    test: Callable[[nodes.Node], bool] | None = None
    if isinstance(condition, type | tuple):
        kind = condition
    else:
        test = condition
    if include_self and isinstance(node, kind) and (test is None or test(node)):
        yield node
    # Iterators, not copies: what a caller changes while it searches is met as docutils would meet it.
    levels = [iter(node.children)]
    while levels:
        for child in levels[-1]:
            if isinstance(child, kind) and (test is None or test(child)):
                yield child
            if child.children:
                levels.append(iter(child.children))
                break
        else:
            levels.pop()


def match_all(self: sphinx_nodes.NodeMatcher[Any], node: nodes.Node) -> Iterator[Any]:
    """Return the nodes that match: their class is asked first, which most nodes do not have."""
    return filter(self.match, _below(node, self.classes or None, True))


def represent(node: nodes.Node, length: int = 80) -> str:
    """Return the tag of a node, for messages of debugging that nobody reads; Sphinx writes XML of all it holds."""
    return node.starttag() if isinstance(node, nodes.Element) else str(node)


@cache
def _first_settings(*components: Any) -> frontend.Values:
    return docutils_settings(*components)


def settings(*components: Any) -> frontend.Values:
    """Return the default settings of ``components``, such as a parser, to be changed at will.

    MyST asks for them with each text. docutils sets up a command line with all of its options to answer.
    """
    return _first_settings(*components).copy()


class Publisher:
    """Reads the translated texts of pages in Markdown.

    Sphinx makes a parser for each text, reads most texts twice, the first time only to see whether they are titles,
    and MyST looks for a file's head in each. One parser, and a copy of what it read first, give the same.
    """

    def __init__(self) -> None:
        self.config: Any = None
        self.parser: Any = None
        self.page = ""
        self.read: dict[tuple[str, int], nodes.Element] = {}

    def __call__(
        self,
        source: str,
        source_path: str,
        source_line: int,
        *,
        config: Any,
        env: Any,
        registry: Any,
        settings: Any,
    ) -> nodes.Element:
        """Return the first node of a text, as Sphinx does."""
        if not source_path.endswith(".md") or source.startswith("---"):
            return sphinx_publish(
                source,
                source_path,
                source_line,
                config=config,
                env=env,
                registry=registry,
                settings=settings,
            )
        if self.config is not env.myst_config:
            self.config, self.page = env.myst_config, ""
            self.parser = create_md_parser(self.config, SphinxRenderer)
        if source_path != self.page:
            self.page, self.read = source_path, {}
        place = source, source_line
        if place not in self.read:
            self.read[place] = self.publish(source, f"{source_path}:{source_line}", settings)
        return self.read[place].deepcopy()

    def publish(self, source: str, place: str, settings: Any) -> nodes.Element:
        """Read one text."""
        document = docutils.utils.new_document(f"{place}:<translated>", settings)
        document.reporter = LoggingReporter.from_reporter(document.reporter)
        self.parser.options["document"] = document
        self.parser.render(source)
        document.current_source = document.current_line = None
        return next(iter(document.children), document)  # type: ignore[return-value]


def formatter(self: highlighting.PygmentsBridge, **options: Any) -> Any:
    """Return the formatter of a block of code: one for all that are formatted alike, as its style sheet is long."""
    made = self.__dict__.setdefault("made", {})
    key = repr(sorted(options.items()))
    if key not in made:
        made[key] = sphinx_formatter(self, **options)
    return made[key]


def take() -> None:
    """Put the shortcuts in their places."""
    vars(myst)["get_default_settings"] = settings
    vars(i18n)["_publish_msgstr"] = Publisher()
    vars(sphinx_nodes)["repr_domxml"] = represent
    nodes.Node.findall = findall  # type: ignore[method-assign, assignment]
    sphinx_nodes.NodeMatcher.findall = match_all  # type: ignore[method-assign]
    highlighting.PygmentsBridge.get_formatter = formatter  # type: ignore[method-assign]
    # Sphinx tells of each line number it adds to a node, to handlers that let none of it through.
    logging.getLogger(f"{sphinx_logging.NAMESPACE}.sphinx.util.nodes").setLevel(logging.INFO)
