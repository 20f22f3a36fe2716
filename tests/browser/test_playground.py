"""The Playground: an empty application, examples, and what its page says of the panel."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FilePayload, Locator, expect

from proven.claims.proofs import proves
from proven.run import bundle
from proven.run.libraries import packages
from tests.browser.panel import PATIENCE, SHORT, Started, answered
from tests.browser.reader import ROOT, Reader

pytestmark = pytest.mark.usefixtures("made")
EMPTY = "snippets.first_app.step_1.hello"
ROUTES = """\
import socket
import threading
import urllib.request

from flask import Flask, request

app = Flask(__name__)


@app.post("/words")
def words():
    files = [(name, file.filename, file.read().decode()) for name, file in request.files.items()]
    return {"files": files, "form": request.form, "agent": request.headers.get("X-Tea")}


@app.get("/print")
def prints():
    print("printed")
    app.logger.warning("logged")
    return "below"


@app.get("/thread")
def thread():
    threading.Thread(target=print).start()


@app.get("/network")
def network():
    return urllib.request.urlopen("ADDRESS").read()


@app.get("/socket")
def connection():
    return socket.create_connection(("127.0.0.1", 5000)).recv(1)


@app.get("/async")
async def refused():
    return "never"


@app.get("/numpy")
def other():
    import numpy
"""


@pytest.fixture(scope="module")
def opened(chromium: Browser, address: str) -> Iterator[Started]:
    """The page, on which the empty application runs."""
    reader = Reader(chromium)
    page = reader(permissions=["clipboard-read", "clipboard-write"])
    page.add_init_script(SHORT)
    page.goto(f"{address}en/start/playground.html")
    started = Started(reader, page)
    started.panel = page.locator(".run-panel:visible")
    page.locator(f"button[data-run='{EMPTY}']").click()
    answered(started.panel)
    yield started
    reader.close()
    assert reader.faults == []


@pytest.fixture
def empty(opened: Started) -> Started:
    """The panel of the empty application, whatever the test before did."""
    button = opened.page.locator(f"button[data-run='{EMPTY}']")
    if button.get_attribute("aria-expanded") != "true":
        button.click()
    opened.panel = opened.page.locator(f".run-panel[aria-label$='{EMPTY}']")
    return opened


def asked(started: Started, path: str, method: str = "GET") -> Locator:
    """Send a request, wait for its answer, return where its body is."""
    started.ask(method, path)
    started.status(" ms")
    return started.panel.locator(".run-body").first


@proves("index", "You want to try something. The Playground runs Flask in your browser.")
@proves(
    "start/playground",
    "There is nothing to install, and your code is sent nowhere.",
    "The first press loads Python and Flask, less than 8 MB.",
    "Then a panel opens, with the code in an editor, a request and its response.",
    "Code that you have changed is kept until you leave the page.",
)
def test_a_press_loads_python_and_flask_and_nothing_is_sent(
    reader: Reader, address: str, made: Path
) -> None:
    page = reader(permissions=["clipboard-read", "clipboard-write"])
    sent: list[tuple[str, str | None]] = []
    page.on("request", lambda request: sent.append((request.method, request.post_data)))
    page.goto(f"{address}en/start/playground.html")
    page.wait_for_load_state("networkidle")
    sent.clear()
    reader.requests.clear()
    started = Started(reader, page)
    page.locator(f"button[data-run='{EMPTY}']").click()
    answered(started.panel)
    expect(started.panel.locator(".cm-content")).to_contain_text("Hello, Flask!")
    expect(started.panel.get_by_label("Path")).to_have_value("/")
    expect(started.panel.locator(".run-http").first).to_contain_text("200 OK")
    manifest = bundle.read(made)
    names = {url.removeprefix(f"{address}{bundle.FOLDER}/") for url in reader.requests}
    loaded = names & manifest["sizes"].keys()
    assert {
        manifest["bundles"]["flask"],
        f"{manifest['pyodide']['folder']}/pyodide.asm.mjs",
    } <= loaded
    assert manifest["rest"]["file"] not in loaded
    data = (ROOT / "build/html/en/_run/start/playground.json").stat().st_size
    assert sum(manifest["sizes"][name] for name in loaded) + data < 8_000_000
    # From here on nothing goes out.
    reader.requests.clear()
    code = (ROOT / "snippets/first_app/step_1/hello.py").read_text(encoding="utf-8")
    started.edit(code.replace("Hello, Flask!", "Hello, tea!"))
    answered(started.panel, "differs")
    assert reader.requests == []
    assert {method for method, _ in sent} == {"GET"}
    assert {body for _, body in sent} == {None}
    started.panel.get_by_role("button", name="Close").click()
    page.locator(f"button[data-run='{EMPTY}']").click()
    expect(started.panel.locator(".cm-content")).to_contain_text("Hello, tea!")
    page.reload()
    page.locator(f"button[data-run='{EMPTY}']").click()
    answered(started.panel)
    expect(started.panel.locator(".cm-content")).to_contain_text("Hello, Flask!")


@proves(
    "start/playground",
    "The panel of the example opens below this list and takes the place of the one before.",
    "Template: a greeting with a name from the URL.",
    "Form: a search form that shows what is wrong with its fields.",
    "Session: a shopping cart in a signed cookie.",
    "Upload: pictures that are stored and sent back.",
    "JSON: a list in pages, each with a link to the next.",
    "Database: notes in SQLite with SQLAlchemy.",
    "Whole application: all files of the notebook with users and two languages.",
)
def test_each_example_runs_in_one_place(opened: Started) -> None:
    page = opened.page
    panel = page.locator("#playground-examples .run-panel:visible")
    opened.panel = panel

    def example(name: str) -> None:
        page.locator("#playground-examples").get_by_role("button", name=name, exact=True).click()
        answered(panel)
        expect(panel).to_have_count(1)
        assert panel.evaluate("panel => panel.previousElementSibling.tagName") == "UL"

    example("Template")
    expect(asked(opened, "/hello/Ada")).to_contain_text("Ada")
    expect(panel.get_by_role("button", name="templates/hello.html")).to_be_visible()
    example("Form")
    expect(asked(opened, "/?text=&count=99")).to_contain_text("This field is required.")
    example("Session")
    panel.get_by_role("button", name="Send all").click()
    expect(panel.locator(".run-cookies")).to_contain_text('holds {"cart":', timeout=PATIENCE)
    example("Upload")
    # the example has stored a file of its own, and answers 201 too
    before = panel.locator(".run-body").first.inner_text()
    panel.get_by_label("Method").select_option("POST")
    panel.get_by_label("Path").fill("/files")
    picture: FilePayload = {"name": "tea.png", "mimeType": "image/png", "buffer": b"green"}
    panel.get_by_label("Files", exact=True).set_input_files([picture])
    panel.get_by_role("button", name="Send", exact=True).click()
    expect(panel.locator(".run-body").first).not_to_have_text(before, timeout=PATIENCE)
    expect(panel.locator(".run-http").first).to_contain_text("201 CREATED", timeout=PATIENCE)
    stored = json.loads(panel.locator(".run-body").first.inner_text())["url"]
    panel.get_by_label("Files", exact=True).set_input_files([])
    expect(asked(opened, stored)).to_have_text("green")
    example("JSON")
    expect(asked(opened, "/notes")).to_contain_text("/notes?after=3")
    example("Database")
    panel.get_by_role("button", name="Send all").click()
    expect(panel.locator(".run-all li").first).to_contain_text("same", timeout=PATIENCE)
    example("Whole application")
    files = panel.locator(".run-tabs button")
    expect(files.filter(has_text="application/users.py")).to_have_count(1)
    assert files.count() > 30
    panel.get_by_role("button", name="Send all").click()
    items = panel.locator(".run-all li")
    expect(items).not_to_have_count(0, timeout=PATIENCE)
    assert all("The same as recorded." in text for text in items.all_inner_texts())


@proves(
    "start/playground",
    "The files that you can edit are tabs above the editor.",
    "Reset brings back the files as this site has them.",
)
def test_the_files_are_tabs_and_can_be_reset(opened: Started) -> None:
    page = opened.page
    page.locator("#playground-examples").get_by_role("button", name="Template", exact=True).click()
    panel = page.locator("#playground-examples .run-panel:visible")
    tabs = panel.locator(".run-tabs button")
    assert [name.removesuffix(" (edited)") for name in tabs.all_inner_texts()] == [
        "first_app/step_2/hello.py",
        "first_app/step_2/templates/hello.html",
    ]
    tabs.nth(1).click()
    opened.panel = panel
    opened.edit("<p>tea</p>")
    expect(tabs.nth(1)).to_contain_text("(edited)")
    expect(asked(opened, "/hello/Ada")).to_have_text("<p>tea</p>")
    panel.get_by_role("button", name="Reset").click()
    expect(tabs.nth(1)).not_to_contain_text("(edited)")
    expect(asked(opened, "/hello/Ada")).to_contain_text("Ada")


@proves(
    "start/playground",
    "Choose a method, a path, headers and a body, or files to upload, and press Send.",
    "What your code prints and logs stands below the response.",
)
def test_a_request_has_headers_a_body_and_files(empty: Started) -> None:
    empty.edit(ROUTES)
    panel = empty.panel
    panel.locator(".run-request summary").click()
    panel.get_by_label("Headers", exact=True).fill("X-Tea: green")
    panel.get_by_label("Body", exact=True).fill("leaf=3")
    panel.get_by_label("Field of the files").fill("pot")
    file: FilePayload = {"name": "茶.txt", "mimeType": "text/plain", "buffer": "绿茶".encode()}
    panel.get_by_label("Files", exact=True).set_input_files([file])
    body = asked(empty, "/words", "POST")
    expect(body).to_contain_text("agent")
    assert json.loads(body.inner_text()) == {
        "agent": "green",
        "files": [["pot", "茶.txt", "绿茶"]],
        "form": {"leaf": "3"},
    }
    panel.get_by_label("Files", exact=True).set_input_files([])
    panel.get_by_label("Body", exact=True).fill("")
    expect(asked(empty, "/print")).to_have_text("below")
    expect(panel.locator(".run-log")).to_have_text(re.compile("printed\n.*logged", re.DOTALL))


@proves(
    "start/playground",
    "Python runs in one thread.",
    "threading.Thread.start() raises RuntimeError: can't start new thread, and Flask refuses async "
    "views.",
    "There is no network.",
    "The browser has no other libraries than those above, and pip does not run there.",
)
def test_what_a_browser_does_not_have_raises(empty: Started, address: str) -> None:
    empty.edit(ROUTES.replace("ADDRESS", address))
    traceback = empty.panel.locator(".run-traceback")
    for path, said in (
        ("/thread", "RuntimeError: can't start new thread"),
        ("/async", "RuntimeError: Install Flask with the 'async' extra"),
        ("/network", "URLError"),
        ("/socket", "OSError"),
        ("/numpy", "ModuleNotFoundError: No module named 'numpy'"),
    ):
        asked(empty, path)
        expect(traceback).to_contain_text(said)
        expect(empty.panel.locator(".run-http").first).to_contain_text("500")
    typed(empty, "import pip\n", "No module named 'pip'")


def console(started: Started) -> Locator:
    """Open the console of a panel, return its line."""
    line = started.panel.get_by_label("Python to run")
    if not line.is_visible():
        started.panel.get_by_role("button", name="Console").click()
    return line


def typed(started: Started, text: str, output: str) -> None:
    """Type into the console of a panel, and wait for what comes of it."""
    log = started.panel.get_by_role("log")
    # Enter does nothing while a statement runs, and the one before may have said all but ended.
    expect(started.panel).not_to_have_attribute("aria-busy", "true", timeout=PATIENCE)
    asked = log.locator(".run-asked").count()
    console(started).fill(text)
    console(started).press("Enter")
    # The log may have such an output already.
    expect(log.locator(".run-asked")).to_have_count(asked + 1, timeout=PATIENCE)
    expect(log).to_contain_text(output)


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_console_can_be_read_by_everyone(empty: Started, width: int, scheme: str) -> None:
    empty.shown(width, scheme)
    typed(empty, "app.url_map", "-> static>")
    typed(empty, "1 / 0", "ZeroDivisionError: division by zero")
    console(empty).fill("for leaf in 'tea':")
    empty.check_access()
    console(empty).fill("")


@proves(
    "start/playground",
    "Console opens a prompt in the module that runs: type app.url_map to see its rules.",
    "Enter runs a complete statement.",
    "In a block, Enter begins a new line, and an empty line ends the block.",
    "The arrow keys ↑ and ↓ bring back what you typed before.",
)
def test_a_console_opens_in_the_module_that_runs(empty: Started) -> None:
    empty.panel.get_by_label("Recorded requests").select_option("0")
    empty.panel.get_by_role("button", name="Reset").click()
    answered(empty.panel)
    typed(empty, "app.url_map", "-> index>")
    line = console(empty)
    expect(line).to_have_value("")
    line.press_sequentially("for leaf in 'tea':")
    line.press("Enter")
    expect(line).to_have_value("for leaf in 'tea':\n    ")
    line.press_sequentially("print(leaf * 3)")
    line.press("Enter")
    expect(line).to_have_value("for leaf in 'tea':\n    print(leaf * 3)\n    ")
    line.press("Enter")
    log = empty.panel.get_by_role("log")
    expect(log).to_contain_text("ttt\neee\naaa")
    expect(log.locator(".run-asked").last).to_have_text(
        ">>> for leaf in 'tea':\n...     print(leaf * 3)"
    )
    line.press("ArrowUp")
    expect(line).to_have_value("for leaf in 'tea':\n    print(leaf * 3)")
    line.evaluate("line => line.setSelectionRange(0, 0)")
    line.press("ArrowUp")
    expect(line).to_have_value("app.url_map")
    line.press("ArrowDown")
    line.press("ArrowDown")
    expect(line).to_have_value("")
    typed(empty, "1 / 0", "ZeroDivisionError: division by zero")
    expect(log).to_contain_text('File "<console-')
    # It is the application that answers.
    typed(empty, "app.config['TEA'] = 'green'; index.__doc__ = 'x'", ">>> app.config['TEA']")
    typed(empty, "app.test_client().get('/').text", "'Hello, Flask!'")


@proves(
    "start/playground",
    "A file that your code writes is gone when you leave the page.",
    "The code can import most of the standard library and these libraries, in the versions that "
    "this site is tested with:",
)
def test_the_disk_is_empty_and_most_modules_can_be_imported(empty: Started) -> None:
    page = empty.page
    typed(empty, "open('/tmp/tea.txt', 'w').write('green')", "5")
    typed(empty, "open('/tmp/tea.txt').read()", "'green'")
    page.reload()
    page.locator(f"button[data-run='{EMPTY}']").click()
    answered(empty.panel)
    typed(empty, "open('/tmp/tea.txt')", "FileNotFoundError")
    count = (
        "def missing(names):\n    import importlib.util\n"
        "    return [name for name in names if not importlib.util.find_spec(name)]\n"
    )
    typed(empty, count, ">>> def missing")
    typed(
        empty,
        "import sys; names = [n for n in sys.stdlib_module_names if n[0] != '_']; "
        "print('share', len(missing(names)) < len(names) / 3)",
        "share True",
    )
    typed(empty, "import statistics; statistics.mean([1, 2, 6])", "3")
    # The application itself imports Flask only. A statement has some seconds, so each imports a few.
    names = list(packages())
    for few in (names[at : at + 3] for at in range(0, len(names), 3)):
        typed(
            empty,
            f"from importlib import import_module; [*map(import_module, {few})][-1].__name__",
            f"'{few[-1]}'",
        )
    table = page.locator("#playground-differences table")
    seen = json.loads((ROOT / "docs/_run/record.json").read_text(encoding="utf-8"))
    shown = dict(
        zip(
            table.locator("td:nth-child(1)").all_inner_texts(),
            table.locator("td:nth-child(2)").all_inner_texts(),
            strict=True,
        )
    )
    assert shown.pop("Python") == seen["python"]
    assert {name.lower().replace("_", "-"): version for name, version in shown.items()} == seen[
        "libraries"
    ]


@proves(
    "start/playground",
    "The examples with >>> on other pages, such as those in What request and current_app really "
    "are, have the button Run too.",
    "The console then runs the examples above it on the page first, so that their names exist.",
)
def test_a_block_of_examples_opens_a_console(reader: Reader, address: str) -> None:
    page = reader(390)
    page.goto(f"{address}zh-cn/guide/proxies.html")
    buttons = page.locator("button[data-examples]")
    buttons.nth(3).click()
    panel = page.locator(".run-panel")
    log = panel.get_by_role("log")
    expect(log.locator(".run-asked").first).to_be_visible(timeout=PATIENCE)
    block = buttons.nth(3).locator(
        "xpath=ancestor::div[contains(@class, 'run')]/preceding-sibling::div[1]"
    )
    shown = "\n".join(log.locator("pre").all_inner_texts())
    asked_here = [line for line in block.inner_text().splitlines() if line.startswith(">>>")]
    assert asked_here
    assert all(line.strip() in shown for line in asked_here)
    page.evaluate(SHORT)
    line = panel.get_by_role("textbox")
    line.fill("while True: pass")
    line.press("Enter")
    expect(panel.locator(".run-status")).to_contain_text("10 秒", timeout=PATIENCE)
    # What was typed is still there, and so are the names of the page when Python begins anew.
    expect(line).to_have_value("while True: pass")
    line.fill("Flask.__name__")
    line.press("Enter")
    expect(panel.locator(".run-status")).to_contain_text("重新启动", timeout=PATIENCE)
    buttons.nth(3).click()
    expect(panel).to_be_hidden()
    expect(buttons.nth(3)).to_be_focused()
