"""What one start of Run leaves in the browser's cache for the next, and what becomes of it when it is of no use."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from proven.claims.proofs import proves
from tests.browser.panel import PATIENCE, SMALLEST, answered, press, spoil
from tests.browser.reader import Reader
from tests.servers import wait_for

pytestmark = pytest.mark.usefixtures("made")
OPEN = "const cache = await caches.open((await caches.keys()).find((name) => name.startsWith('proven-run ')));"
ALL = f"""async () => {{
  if (!(await caches.keys()).length) return [];
  {OPEN}
  const found = [];
  for (const key of await cache.keys()) {{
    const answer = await cache.match(key);
    found.push([key.url, answer.headers.get("X-Mark") ?? "", (await answer.blob()).size]);
  }}
  return found;
}}"""
#: Puts what is kept back with a mark, changed by a function of its bytes.
MARK = f"""async (change) => {{
  {OPEN}
  const [key] = await cache.keys();
  const answer = await cache.match(key);
  const memory = eval(change)(new Uint8Array(await answer.arrayBuffer()));
  await cache.put(key, new Response(memory, {{ headers: {{ ETag: answer.headers.get("ETag"), "X-Mark": "marked" }} }}));
}}"""
#: Puts others beside it: of an older site, and as many as there are bundles.
OTHERS = f"""async () => {{
  {OPEN}
  const [{{ url }}] = await cache.keys();
  const beside = (end) => new URL(`./${{end}}`, url).href;
  const older = new URL("../older/flask", url).href;
  for (const each of [older, ...["one", "two", "three"].map(beside)]) await cache.put(each, new Response("x"));
}}"""


def visit(page: Page, address: str, name: str = "guide/routing", module: str = SMALLEST) -> None:
    """Open a page and run a snippet of it."""
    page.goto(f"{address}en/{name}.html")
    answered(press(page, module))


def kept(page: Page, count: int, marked: bool = False) -> list[tuple[str, str, int]]:
    """Wait until this much is kept, and none or all of it marked; return addresses, marks and bytes."""
    found: list[tuple[str, str, int]] = []

    def is_so() -> bool:
        found[:] = [tuple(each) for each in page.evaluate(ALL)]
        return len(found) == count and all(bool(mark) is marked for _, mark, _ in found)

    wait_for(is_so, PATIENCE / 1000)
    return found


@proves(
    "about/testing",
    "When a panel has answered, it keeps the memory of Python in the cache of your browser: 30 to "
    "60 MB for each set of libraries, and three sets at most.",
    "The next start goes on from there.",
)
def test_the_next_start_goes_on_from_the_memory_of_the_first(reader: Reader, address: str) -> None:
    page = reader()
    visit(page, address)
    ((_, _, size),) = kept(page, 1)
    assert 30e6 <= size <= 60e6
    page.evaluate(MARK, "(memory) => memory")
    visit(page, address)
    # Had Python begun anew, it would have left its memory again.
    page.wait_for_timeout(2000)
    ((_, mark, _),) = kept(page, 1, marked=True)
    assert mark == "marked"
    # another set of libraries has a memory of its own, which is larger than one is at first
    database = "guide/database", "snippets.database.smallest"
    visit(page, address, *database)
    wait_for(lambda: len(page.evaluate(ALL)) == 2)
    sizes = sorted(size for _, _, size in page.evaluate(ALL))
    assert 30e6 <= sizes[0] < sizes[1] <= 60e6
    visit(page, address, *database)
    console = page.get_by_role("button", name="Console")
    console.click()
    for typed, shown in (
        ("import sys; sys.path.count('')", "1"),
        ("import email.mime.text, xml.dom.minidom; 'loaded later'", "'loaded later'"),
    ):
        page.get_by_label("Python to run").fill(typed)
        page.get_by_label("Python to run").press("Enter")
        expect(page.get_by_role("log")).to_contain_text(shown, timeout=PATIENCE)


@pytest.fixture(scope="module")
def used(window: tuple[Page, Reader], address: str) -> Page:
    """Return a page on which a snippet ran, and which has its memory."""
    page, _ = window
    visit(page, address)
    return page


@pytest.mark.parametrize(
    "change",
    [
        "(memory) => memory.fill(7)",
        "(memory) => memory.fill(0, 100_000)",
        "(memory) => memory.fill(255, 1_000_000, 9_000_000)",
        "(memory) => memory.slice(0, 1_000_000)",
    ],
    ids=["other bytes", "nothing behind the head", "spoiled within", "cut off"],
)
def test_a_memory_that_is_spoiled_is_forgotten(used: Page, address: str, change: str) -> None:
    kept(used, 1)
    used.evaluate(MARK, change)
    visit(used, address)
    # That start leaves one of its own, which the next change spoils.
    kept(used, 1)


@proves(
    "about/testing",
    "When a panel has answered, it keeps the memory of Python in the cache of your browser: 30 to "
    "60 MB for each set of libraries, and three sets at most.",
)
def test_what_is_old_makes_room(reader: Reader, address: str) -> None:
    page = reader()
    visit(page, address)
    ((url, _, _),) = kept(page, 1)
    page.evaluate(OTHERS)
    page.evaluate(MARK, "(memory) => memory.fill(7)")
    visit(page, address)
    left = [each.rpartition("/")[2] for each, _, _ in kept(page, 3)]
    assert sorted(left) == sorted([url.rpartition("/")[2], "two", "three"])


@pytest.mark.parametrize(
    "hostile",
    [
        "Object.defineProperty(self, 'caches', { value: undefined });",
        "self.caches.open = async () => { throw new DOMException('no', 'SecurityError'); };",
        "Cache.prototype.put = async () => { throw new DOMException('full', 'QuotaExceededError'); };",
    ],
    ids=["no cache", "not allowed", "no room"],
)
def test_where_nothing_can_be_kept_every_start_is_a_first_one(
    reader: Reader, address: str, hostile: str
) -> None:
    page = reader()
    spoil(page, hostile)
    for _ in range(2):
        visit(page, address)
    page.wait_for_timeout(1500)
    assert page.evaluate(ALL.replace("if (!", "if (!self.caches || !")) == []
