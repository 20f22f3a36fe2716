"""The built site as a browser gets it: whole, linked, named, in two languages that match."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from lxml import html
from lxml.html import HtmlElement

from proven.base.project import ROOT
from proven.claims.proofs import proves
from proven.site.description import LIMIT
from proven.translation.languages import LANGUAGES, SOURCE, base_url, by_code
from proven.translation.rules.zh_cn import HAN

BASE = base_url(os.environ)
# The page that Sphinx makes and nobody writes: no description, no alternate.
MADE = {"search.html"}
# Those that are made of the modules that the others show: docs/_ext/proven/snippets/module_pages.py.
MODULES = "code/"
# And of the tests that prove sentences: docs/_ext/proven/claims/proof_pages.py.
TESTS = "code/tests/"
CHINESE = by_code("zh_CN")


class Page:
    """One built page."""

    def __init__(self, site: Path, file: Path) -> None:
        self.file = file
        self.path = file.relative_to(site).as_posix()
        self.language, _, self.name = self.path.partition("/")
        self.tree: HtmlElement = html.parse(str(file)).getroot()
        self.ids = [str(value) for value in self.tree.xpath("//@id")]

    def attributes(self, expression: str) -> list[str]:
        return [str(value) for value in self.tree.xpath(expression)]


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[str, Page]:
    """Return every page of every language by its path, and the page that chooses one."""
    folders = [site / language.folder for language in LANGUAGES]
    files = [site / "index.html", *(file for folder in folders for file in folder.rglob("*.html"))]
    return {page.path: page for page in (Page(site, file) for file in files)}


@pytest.fixture(scope="module")
def written(pages: dict[str, Page]) -> list[Page]:
    """Return the pages that come from docs/."""
    sources = {path.relative_to(ROOT / "docs") for path in ROOT.glob("docs/**/*.md")}
    names = {source.with_suffix(".html").as_posix() for source in sources}
    return [page for page in pages.values() if page.name in names]


@pytest.fixture(scope="module")
def listed(pages: dict[str, Page], written: list[Page]) -> list[Page]:
    """Return the pages that a search engine is told of, both languages of each."""
    return [*written, *(page for page in pages.values() if page.name.startswith(MODULES))]


def none(found: Iterable[str]) -> None:
    """Fail with all that was found, a line each."""
    assert not (listed := sorted(found)), "\n".join(["", *listed])


def spoken(element: HtmlElement) -> str:
    """Return the text of an element without the mark of a heading's permalink."""
    return " ".join(element.text_content().removesuffix("¶").split())


# Whole.


@proves("index", "English and Chinese correspond paragraph by paragraph.")
def test_every_language_has_the_same_pages(pages: dict[str, Page], listed: list[Page]) -> None:
    names = [{p.name for p in pages.values() if p.language == lang.folder} for lang in LANGUAGES]
    assert names == [names[0]] * len(LANGUAGES)
    assert len(listed) == len(LANGUAGES) * len(names[0] - MADE)


@proves(
    "about/testing",
    "Each shown snippet has a page of its own, one click away, with the complete file, "
    "the tests that use it and the places that show it.",
)
def test_each_module_that_a_page_includes_has_a_page(pages: dict[str, Page]) -> None:
    included = {
        path
        for page in ROOT.glob("docs/**/*.md")
        for path in re.findall(
            r"\{literalinclude\} \S*?snippets/(\S+)\.py$", page.read_text("utf-8"), re.M
        )
    }
    # The page on adding a page shows those of its example, which are in no build of the site.
    included = {path for path in included if not path.startswith("tea/")}
    assert len(included) > 200
    assert {f"{MODULES}{path}.html" for path in included} == {
        page.name
        for page in pages.values()
        if page.name.startswith(MODULES) and not page.name.startswith(TESTS)
    }


def test_a_page_has_the_same_ids_in_both_languages(
    pages: dict[str, Page], listed: list[Page]
) -> None:
    for page in listed:
        if page.language == SOURCE.folder:
            other = pages[f"{CHINESE.folder}/{page.name}"]
            none(f"{page.name}#{each}" for each in set(page.ids) ^ set(other.ids))


def test_no_page_has_an_id_twice(pages: dict[str, Page]) -> None:
    for page in pages.values():
        none(f"{page.path}#{each}" for each, count in Counter(page.ids).items() if count > 1)


def test_each_page_has_one_h1_and_a_title_that_begins_with_it(pages: dict[str, Page]) -> None:
    found = []
    for page in pages.values():
        headings = [spoken(heading) for heading in page.tree.xpath("//h1")]
        title = page.tree.findtext("head/title") or ""
        if len(headings) != 1 or not headings[0]:
            found.append(f"{page.path}: its h1 are {headings}")
        elif not title.strip().startswith(headings[0]):
            found.append(f"{page.path}: {headings[0]!r} has the title {title!r}")
    none(found)


def test_each_page_has_a_description_of_its_own(pages: dict[str, Page], listed: list[Page]) -> None:
    seen: dict[tuple[str, str], str] = {}
    found = []
    # What is not translated yet is in English, as on the page of the source.
    unfinished = {each.folder for each in LANGUAGES if each.state == "in progress"}
    for page in [pages["index.html"], *listed]:
        texts = page.attributes("/html/head/meta[@name='description']/@content")
        text = texts[0] if len(texts) == 1 else ""
        if not 10 <= len(text) <= LIMIT:
            found.append(f"{page.path}: its descriptions are {texts}")
            continue
        key = page.language if page.language in unfinished else "", text
        if seen.setdefault(key, page.path) != page.path:
            found.append(f"{page.path}: the description of {seen[key]} again")
        elif (
            page in listed
            and page.attributes("//meta[@property='og:description']/@content") != texts
        ):
            found.append(f"{page.path}: a preview shows another description")
    none(found)


def test_each_page_says_its_language(pages: dict[str, Page]) -> None:
    tags = {language.folder: language.tag for language in LANGUAGES}
    tags["index.html"] = SOURCE.tag
    for page in pages.values():
        assert page.tree.get("lang") == tags[page.language], page.path


# Linked.


def links(page: Page) -> Iterator[str]:
    """Yield everything that a page leads to or loads."""
    yield from page.attributes("//*[not(self::base)]/@href | //@src | //@action | //@poster")
    for candidates in page.attributes("//@srcset"):
        yield from (candidate.split()[0] for candidate in candidates.split(","))


def local(address: str) -> str:
    """Return an address without the one that the site is published under."""
    return f"/{address.removeprefix(BASE)}" if BASE and address.startswith(BASE) else address


def test_every_link_inside_the_site_arrives(site: Path, pages: dict[str, Page]) -> None:
    @cache
    def target_of(folder: Path, path: str) -> Path | None:
        # The pages of a folder have the same navigation.
        target = ((site if path.startswith("/") else folder) / path.lstrip("/")).resolve()
        target = target / "index.html" if target.is_dir() else target
        return target if target.is_file() and target.is_relative_to(site) else None

    @cache
    def places_in(path: str) -> frozenset[str]:
        page = pages[path]
        return frozenset([*page.ids, *page.attributes("//a/@name")])

    found = []
    for page in pages.values():
        for address in set(links(page)):
            url = urlsplit(local(address))
            if url.scheme or url.netloc:
                continue
            target = target_of(page.file.parent, unquote(url.path)) if url.path else page.file
            if not target:
                found.append(f"{page.path}: {address} leads to no file")
            elif url.fragment and unquote(url.fragment) not in places_in(
                target.relative_to(site).as_posix()
            ):
                found.append(f"{page.path}: {address} leads to no place in {target.name}")
    none(found)


def test_what_a_stylesheet_loads_is_there(site: Path) -> None:
    found = []
    for file in site.rglob("*.css"):
        sheet = file.read_text(encoding="utf-8")
        for address in re.findall(
            r"url\(\s*['\"]?(?!data:|#)([^'\")]+)|@import\s+['\"]([^'\"]+)", sheet
        ):
            target = "".join(address)
            if (
                re.match(r"(\w+:)?//", target)
                or not (file.parent / urlsplit(target).path).is_file()
            ):
                found.append(f"{file.relative_to(site)}: {target}")
    none(found)


def test_nothing_is_loaded_from_a_third_party(pages: dict[str, Page]) -> None:
    loading = (
        "//link[not(@rel='alternate' or @rel='canonical')]/@href | //a/@ping | //script/@src"
        " | //img/@src | //iframe/@src | //source/@src | //video/@src | //audio/@src"
        " | //embed/@src | //object/@data | //use/@href | //form/@action"
    )
    found = []
    for page in pages.values():
        found += [
            f"{page.path}: {address}"
            for address in page.attributes(loading)
            if urlsplit(address).netloc or urlsplit(address).scheme not in {"", "data"}
        ]
        styles = [*page.attributes("//@style"), *page.attributes("//style/text()")]
        found += [
            f"{page.path}: {style}" for style in styles if re.search(r"(url\(|@import).*//", style)
        ]
    none(found)


def test_no_script_stands_in_a_page_where_a_policy_would_refuse_it(pages: dict[str, Page]) -> None:
    data = {"application/json", "application/ld+json"}
    none(
        page.path
        for page in pages.values()
        if page.path != "index.html"
        and any(each.get("type") not in data for each in page.tree.xpath("//script[not(@src)]"))
    )


def test_alternates_name_every_language_and_each_names_the_other(
    site: Path, pages: dict[str, Page], listed: list[Page]
) -> None:
    for page in listed:
        alternates = alternates_of(site, page)
        source = "index.html" if page.name == "index.html" else f"{SOURCE.folder}/{page.name}"
        own = {language.tag: f"{language.folder}/{page.name}" for language in LANGUAGES}
        assert alternates == {**own, "x-default": source}, page.path
        for path in own.values():
            assert alternates_of(site, pages[path]) == alternates, page.path


def alternates_of(site: Path, page: Page) -> dict[str, str]:
    """Return language tag and path in the site of each alternate of a page."""
    found = {}
    for link in page.tree.xpath("/html/head/link[@rel='alternate' and @hreflang]"):
        address = local(link.get("href"))
        start = site if address.startswith("/") else page.file.parent
        target = (start / address.lstrip("/")).resolve()
        target = target / "index.html" if target.is_dir() else target
        assert link.get("hreflang") not in found, f"{page.path}: twice"
        found[link.get("hreflang")] = target.relative_to(site).as_posix()
    return found


def test_each_page_leads_to_itself_in_the_other_languages(pages: dict[str, Page]) -> None:
    for page in pages.values():
        if page.path != "index.html":
            others = [lang for lang in LANGUAGES if lang.folder != page.language]
            for switch in page.tree.xpath("//nav[@class='language-switch']"):
                links = switch.xpath(".//a[@class='language-link']")
                for link, other in zip(links, others, strict=True):
                    target = (page.file.parent / link.get("href")).resolve()
                    assert target == pages[f"{other.folder}/{page.name}"].file, page.path
                    assert (link.get("hreflang"), link.get("lang")) == (other.tag, other.tag)
                    assert spoken(link) == other.name


# Named.


def test_landmarks_of_one_kind_have_names_that_differ(pages: dict[str, Page]) -> None:
    found = []
    for page in pages.values():
        for kind in ("nav", "aside"):
            names = [name_of(element) for element in page.tree.xpath(f"//{kind}")]
            found += [f"{page.path}: a {kind} has no name" for name in names if not name]
            found += [
                f"{page.path}: two {kind} are named {name!r}"
                for name, count in Counter(names).items()
                if name and count > 1
            ]
    none(found)


def test_links_buttons_and_images_have_names(pages: dict[str, Page]) -> None:
    found = []
    for page in pages.values():
        found += [
            f"{page.path}: {html.tostring(element, encoding='unicode')[:120]}"
            for element in page.tree.xpath("//a[@href] | //button | //img[not(@alt)] | //summary")
            if not name_of(element) and element.get("aria-hidden") != "true"
        ]
    none(found)


def name_of(element: HtmlElement) -> str:
    """Return what a screen reader calls an element."""
    if label := (element.get("aria-label") or element.get("title") or "").strip():
        return label
    if reference := element.get("aria-labelledby"):
        return " ".join(spoken(e) for e in element.xpath(f"//*[@id='{reference}']"))
    if element.tag in {"nav", "aside"}:
        return ""
    return spoken(element) or " ".join(map(str, element.xpath(".//img/@alt")))


# In Chinese.

# In search results and previews of a link.
SHOWN_ELSEWHERE = {"description", "og:title", "og:description"}
CODE = {"code", "pre", "kbd", "samp", "script", "style"}
INLINE = {
    *("a", "abbr", "b", "cite", "dfn", "em", "i", "mark", "q", "s", "small", "span", "strong"),
    *("sub", "sup", "time", "u", "var"),
}
WORD = re.compile(r"(?<![\w./:@%+-])[a-z]{2,}(?![\w/:@%+-]|\.\w)")
# Not what is quoted, nor an error message with its meaning behind it.
SENTENCE = re.compile(r"(?<![“\w])[A-Za-z]+(?: [a-z]+){4,}(?![\w”（ ])")


@cache
def english_in(text: str) -> str:
    """Return what a Chinese reader would read in English: a text without Han, a sentence within one."""
    if not re.search(f"[{HAN}]", text):
        return text if WORD.search(text) else ""
    return found[0] if (found := SENTENCE.search(text)) else ""


def read(tree: HtmlElement) -> list[str]:
    """Return what a page says: a text for each block, and the attributes that are read out or shown."""
    said: list[list[str]] = []

    def walk(element: HtmlElement, block: list[str], *, fields: bool) -> None:
        if not isinstance(element.tag, str):
            return  # A comment.
        classes = element.get("class", "").split()
        # Code, what says that it is English, and the names in a list of parameters stay as they are.
        names = fields and element.tag in {"a", "em", "strong"}
        stays = element.get("lang") == "en" or element.get("translate") == "no" or "sig" in classes
        if element.tag in CODE or names or stays:
            return
        if element.tag not in INLINE:
            said.append(block := [])
        if (element.get("name") or element.get("property")) in SHOWN_ELSEWHERE:
            said.append([element.get("content", "")])
        said.extend(
            [element.get(name, "")] for name in ("title", "alt", "aria-label", "placeholder")
        )
        block.append(element.text or "")
        for child in element:
            walk(child, block, fields=fields or "field-list" in classes)
            # The text after an element belongs to the block around it.
            block.append(child.tail or "")

    walk(tree, [], fields=False)
    return [" ".join("".join(parts).removesuffix("¶").split()) for parts in said]


def test_no_english_is_left_in_what_a_chinese_reader_sees(pages: dict[str, Page]) -> None:
    seen: dict[str, str] = {}
    for page in pages.values():
        if page.language == CHINESE.folder:
            for text in read(page.tree):
                seen.setdefault(english_in(text), page.path)
    none(f"{path}: {english[:100]}" for english, path in seen.items() if english)


@pytest.mark.parametrize(
    ("markup", "english"),
    [
        ("<p>The rule ends in a slash.</p>", ["The rule ends in a slash."]),
        ("<p>规则以斜杠结尾。</p>", []),
        ("<p>Flask</p>", []),
        ("<p><code>flask run</code></p>", []),
        ("<p>用 <code>flask run</code> 启动 Werkzeug。</p>", []),
        ("<p>规则：the rule always ends in a slash。</p>", ["the rule always ends in a slash"]),
        ("<h2>Working outside of application context（不在应用上下文中）</h2>", []),
        ("<p>旧文章说“use it for each new app”。</p>", []),
        ("<p>见 <a href='x'>the whole file</a></p>", []),
        ("<li><p>规则</p><a href='x'>next page</a></li>", ["next page"]),
        ("<p lang='en'>in English</p>", []),
        ("<p>规则</p>tail of the block", ["tail of the block"]),
        ("<p><span>the label</span></p>", ["the label"]),
        ("<p><span title='the label'>标签</span></p>", ["the label"]),
        ("<img alt='a plot' src='x'>", ["a plot"]),
        ("<dl class='field-list'><dd><p><strong>value</strong> (<em>str</em>)</p></dd></dl>", []),
        (
            "<dl class='field-list'><dd><p><strong>value</strong> the value</p></dd></dl>",
            ["the value"],
        ),
        ("<p>tests/guide/test_routing.py</p>", []),
        ("<p>http://127.0.0.1:5000/notes</p>", []),
    ],
)
def test_english_is_found_where_it_is_read(markup: str, english: list[str]) -> None:
    tree = html.fromstring(f"<div>{markup}</div>")
    assert [found for text in read(tree) if (found := english_in(text))] == english
