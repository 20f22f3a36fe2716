"""What the style sheet promises: a light and a dark scheme, Chinese type, a page that can be printed."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.reader import Reader, unfold

PAGE = "guide/routing.html"


def style(page: Page, selector: str, name: str, pseudo: str | None = None) -> str:
    """Return a computed property of the first element that matches."""
    value: str = page.locator(selector).first.evaluate(
        "(element, [name, pseudo]) => getComputedStyle(element, pseudo).getPropertyValue(name)",
        [name, pseudo],
    )
    return value


def test_the_scheme_follows_the_system_until_the_reader_chooses(
    reader: Reader, address: str
) -> None:
    page = reader(color_scheme="dark")
    page.goto(f"{address}en/{PAGE}")
    body = page.locator("body")
    expect(body).to_have_css("background-color", "rgb(19, 20, 22)")
    page.locator(".theme-toggle-content .theme-toggle").click()
    expect(body).to_have_css("background-color", "rgb(255, 255, 255)")
    page.reload()
    expect(body).to_have_css("background-color", "rgb(255, 255, 255)")


def test_request_and_response_differ_by_more_than_colour(reader: Reader, address: str) -> None:
    page = reader()
    page.goto(f"{address}en/{PAGE}")
    request = style(page, ".exchange-request .highlight", "content", "::before")
    response = style(page, ".exchange-response .highlight", "content", "::before")
    assert request.startswith('"→"')
    assert response.startswith('"←"')
    # A screen reader reads the lines, which say it themselves.
    assert request.endswith('/ ""')
    assert response.endswith('/ ""')


def test_the_place_that_an_excerpt_leads_to_is_in_view_and_not_under_the_header(
    reader: Reader, address: str
) -> None:
    for width in (390, 1280):
        page = reader(width)
        page.goto(f"{address}en/code/sessions/base.html#ServerSideSession")
        # The page scrolls there in its own time.
        page.wait_for_function(
            "y => y() >= 50 && y() < 300",
            arg=page.evaluate_handle(
                "() => () => window.ServerSideSession.getBoundingClientRect().y"
            ),
        )


def test_chinese_is_never_slanted(reader: Reader, address: str) -> None:
    page = reader(color_scheme="dark")
    page.goto(f"{address}zh-cn/{PAGE}")
    unfold(page)
    slanted = page.evaluate(
        r"""() => {
          const found = [];
          const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          while (walker.nextNode()) {
            const style = getComputedStyle(walker.currentNode.parentElement);
            const han = /\p{Script=Han}/u.test(walker.currentNode.data);
            // Where a font has no italics, this keeps the browser from slanting its upright letters.
            if (han && style.fontStyle !== "normal" && style.fontSynthesis !== "weight") {
              found.push(walker.currentNode.data);
            }
          }
          return found;
        }"""
    )
    assert slanted == []


def test_chinese_lines_stand_further_apart(reader: Reader, address: str) -> None:
    page = reader()
    heights = []
    for folder in ("en", "zh-cn"):
        page.goto(f"{address}{folder}/{PAGE}")
        heights.append(
            float(style(page, "article p:not([class])", "line-height").removesuffix("px"))
        )
    assert heights == [24, 28]


def test_on_paper_the_exchanges_are_whole_and_nothing_is_left_to_click(
    reader: Reader, address: str
) -> None:
    page = reader(700, color_scheme="dark")
    page.goto(f"{address}en/{PAGE}")
    page.emulate_media(media="print")
    for selector in (".exchange-request", ".exchange-response", ".exchange-response-body"):
        expect(page.locator(selector).first).to_be_visible()
    clicked = (
        "details",
        ".language-switch",
        ".sidebar-drawer",
        ".toc-drawer",
        ".copybtn",
        "dialog",
    )
    furniture = (".skip-to-content", ".mobile-header", ".headerlink", ".related-pages")
    for selector in (*clicked, *furniture):
        shown = [one for one in page.locator(selector).all() if one.is_visible()]
        assert shown == [], selector
    cut = page.locator("article pre").evaluate_all(
        "all => all.filter(one => one.scrollWidth > one.clientWidth).map(one => one.textContent)"
    )
    assert cut == []
    assert page.pdf(format="A4").startswith(b"%PDF")


def test_on_paper_a_link_says_where_it_leads(reader: Reader, address: str) -> None:
    page = reader()
    page.goto(f"{address}en/{PAGE}")
    link = 'article a.external[href^="http"]'
    assert style(page, link, "content", "::after") == "none"
    page.emulate_media(media="print")
    assert page.locator(link).first.get_attribute("href") in style(page, link, "content", "::after")
