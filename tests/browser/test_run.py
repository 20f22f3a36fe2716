"""Run: a snippet in the reader's browser, edited, asked, failing in every way that a browser has."""

from __future__ import annotations

import hashlib
import io
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from proven.claims.proofs import proves
from proven.run import bundle
from proven.run.libraries import BUNDLES, versions, wheel
from proven.run.record import read as read_record
from tests.browser.panel import PATIENCE, SMALLEST, Started, answered, press, running
from tests.browser.reader import ROOT, Reader

pytestmark = pytest.mark.usefixtures("made")


@pytest.fixture(scope="module")
def routing(chromium: Browser, address: str) -> Iterator[Started]:
    """A page on which a snippet of three routes runs."""
    with running(chromium, address, "guide/routing", SMALLEST) as started:
        yield started


@pytest.fixture
def smallest(routing: Started) -> Started:
    """The snippet as the page shows it."""
    routing.panel.get_by_role("button", name="Reset").click()
    routing.panel.get_by_label("Recorded requests").select_option("0")
    routing.panel.get_by_role("button", name="Run", exact=True).click()
    answered(routing.panel)
    return routing


@proves(
    "about/testing",
    "A snippet with the button Run runs on the page that you read: its files, the libraries and "
    "Python are loaded from this site, and nothing is sent anywhere.",
)
@proves(
    "about/house",
    "With the first press docs/_static/run.js loads run/browser/panel.mjs, which starts "
    "run/browser/worker.mjs.",
)
@pytest.mark.parametrize(
    ("folder", "same"), [("en", "The same as recorded."), ("zh-cn", "与记录一致。")]
)
def test_a_press_runs_the_snippet_and_nothing_is_loaded_before(
    reader: Reader, address: str, made: Path, folder: str, same: str
) -> None:
    page = reader(390)
    page.goto(f"{address}{folder}/guide/routing.html")
    page.wait_for_load_state("networkidle")
    assert not [url for url in reader.requests if "/_run/" in url]
    shown = answered(press(page))
    expect(page.locator(".run-status")).to_contain_text(same)
    expect(shown).to_contain_text("HTTP/1.1 200 OK")
    expect(shown).to_contain_text("Front page")
    manifest = bundle.read(made)
    loaded = {url.removeprefix(f"{address}_run/") for url in reader.requests}
    assert {manifest["scripts"]["panel"], manifest["scripts"]["worker"]} <= loaded
    assert manifest["bundles"]["flask"] in loaded
    assert manifest["bundles"]["sqlalchemy"] not in loaded
    assert reader.abroad(address) == []
    expect(page.locator(".run-where")).to_contain_text(manifest["pyodide"]["python"])


def test_a_page_grows_by_less_than_three_kilobytes(site: Path) -> None:
    html = (site / "en/guide/routing.html").read_text(encoding="utf-8")
    (said,) = re.findall('<script type="application/json" id="run">.*</script>', html)
    buttons = re.findall('<div class="run">.*</div>', html)
    script = (site / "en/_static/run.js").read_text(encoding="utf-8")
    assert buttons
    assert len(said) + sum(map(len, buttons)) + len(script) < 3_000


def test_a_compiled_library_is_that_of_the_locked_wheel(
    chromium: Browser, address: str, made: Path
) -> None:
    locked = ROOT / ".lock/docs.txt"
    wheels = bundle.fetch_wheels(locked, ROOT / ".cache/run/wheels")
    content = (wheels / wheel("pydantic-core")).read_bytes()
    pinned = locked.read_text(encoding="utf-8")
    assert f"--hash=sha256:{hashlib.sha256(content).hexdigest()}" in pinned
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        (library,) = (name for name in packed.namelist() if name.endswith(".so"))
        digest = hashlib.sha256(packed.read(library)).hexdigest()
    with running(chromium, address, "guide/api", "snippets.api.notes") as started:
        started.panel.get_by_role("button", name="Console").click()
        log = started.panel.get_by_role("log")
        for typed, shown in (
            ("import hashlib, pydantic_core._pydantic_core as core; core.__file__", library),
            ("hashlib.sha256(open(core.__file__, 'rb').read()).hexdigest()", digest),
            ("NewNote(title='tea', stars=9)", "Input should be less than or equal to 5"),
        ):
            started.panel.get_by_label("Python to run").fill(typed)
            started.panel.get_by_label("Python to run").press("Enter")
            expect(log).to_contain_text(shown, timeout=PATIENCE)
        loaded = {url.removeprefix(f"{address}_run/") for url in started.reader.requests}
        with started.page.expect_download() as download:
            started.panel.get_by_role("button", name="Download").click()
        with zipfile.ZipFile(download.value.path()) as folder:
            pins = folder.read("requirements.txt").decode().lower().replace("_", "-").split()
    its = BUNDLES["pydantic"].distributions
    assert {f"{name}=={version}" for name, version in versions().items() if name in its} <= {*pins}
    manifest = bundle.read(made)
    assert manifest["bundles"]["pydantic"] in loaded
    assert manifest["bundles"]["apiflask"] not in loaded


@proves("about/testing", "These are the figures of the last replay:")
def test_the_figures_are_those_of_the_record(reader: Reader, address: str) -> None:
    found = json.loads((ROOT / "docs/_run/record.json").read_text(encoding="utf-8"))["snippets"]
    page = reader()
    page.goto(f"{address}en/about/testing.html")
    section = page.locator("#about-testing-browser")
    blocks = sum(seen["blocks"] for seen in found.values())
    same = sum(seen["same"] for seen in found.values())
    runs = sum("why" not in seen for seen in found.values())
    figures = section.locator("td:nth-child(2)").all_inner_texts()
    its = read_record().examples.values()
    tried, left_out = sum(each.blocks for each in its), sum(len(each.left_out) for each in its)
    assert figures == [
        str(blocks),
        f"{same} ({same / blocks:.1%})",
        str(len(found)),
        str(runs),
        str(tried),
        str(tried - left_out),
    ]


@proves(
    "start/playground",
    "Where the build of this site has recorded a response, it stands beside the one from your "
    "code, and what differs is marked.",
    "Change the code and press Ctrl+Enter: the panel runs it and sends the request again.",
)
def test_what_is_changed_answers_otherwise_and_the_difference_is_marked(smallest: Started) -> None:
    panel = smallest.panel
    code = (ROOT / "snippets/routing/smallest.py").read_text(encoding="utf-8")
    smallest.edit(code.replace("Front page", "Back page"))
    shown = answered(panel, "differs")
    expect(shown.locator("mark")).to_have_text("Back page")
    expect(panel.locator(".run-side").nth(1).locator("mark")).to_have_text("Front page")
    expect(panel.locator(".run-status")).to_contain_text("Not as recorded: body.")
    # What was typed is there when the panel is opened again.
    panel.get_by_role("button", name="Close").click()
    expect(panel).to_be_hidden()
    button = smallest.page.locator(f"button[data-run='{SMALLEST}']").first
    expect(button).to_be_focused()
    button.click()
    expect(panel.locator(".cm-content")).to_contain_text("Back page")


def test_a_request_that_is_not_on_the_page_is_answered(smallest: Started) -> None:
    smallest.ask("GET", "/users/<b>")
    smallest.status("This request was not recorded.")
    expect(smallest.panel.locator(".run-body")).to_have_text(re.compile("Profile of &lt;b&gt;"))
    smallest.ask("DELETE", "/")
    expect(smallest.panel.locator(".run-http")).to_contain_text("405 METHOD NOT ALLOWED")


@proves(
    "start/playground",
    "Recorded requests has those of the guide, and Send all sends them in their order.",
)
def test_all_requests_of_the_page_are_sent_in_order(smallest: Started) -> None:
    smallest.panel.get_by_role("button", name="Send all").click()
    items = smallest.panel.locator(".run-all li")
    expect(items).to_have_count(3, timeout=PATIENCE)
    assert all("The same as recorded." in text for text in items.all_inner_texts())


@proves(
    "start/playground",
    "A traceback begins in your code, and the line where it ends is marked in the editor.",
)
def test_a_traceback_begins_in_the_snippet_and_its_line_is_marked(smallest: Started) -> None:
    code = (ROOT / "snippets/routing/smallest.py").read_text(encoding="utf-8")
    smallest.edit(code.replace('return "Front page"', "return str(1 / 0)"))
    answered(smallest.panel, "differs")
    line = code.splitlines().index('    return "Front page"') + 1
    traceback = smallest.panel.locator(".run-traceback")
    expect(traceback).to_contain_text(f'File "snippets/routing/smallest.py", line {line}, in index')
    assert "site-packages" not in traceback.inner_text()
    expect(smallest.panel.locator(".run-fault")).to_have_text("    return str(1 / 0)")
    # A module that does not import says so.
    smallest.edit("import nowhere\n")
    smallest.status("raises an error while it is loaded")
    expect(traceback).to_contain_text("No module named 'nowhere'")
    expect(smallest.panel.locator(".run-fault")).to_have_text("import nowhere")


@proves(
    "start/playground",
    "A request or an input of the console takes longer than 10 seconds, perhaps in a loop that does not end.",
    "Python begins anew with the next run, and your code stays in the editor.",
    "The button beside the message runs it again with 30 seconds.",
)
def test_a_loop_is_stopped_and_the_reader_can_give_it_more_time(smallest: Started) -> None:
    code = (ROOT / "snippets/routing/smallest.py").read_text(encoding="utf-8")
    smallest.edit(code.replace('return "Front page"', "while True: pass"))
    smallest.status("Stopped after 10 seconds.")
    # The death of the worker loses nothing.
    expect(smallest.panel.locator(".cm-content")).to_contain_text("while True: pass")
    longer = smallest.panel.get_by_role("button", name="Run it again with 30 seconds")
    longer.click()
    smallest.status("Stopped after 30 seconds.")
    smallest.edit(code)
    answered(smallest.panel)


@proves(
    "start/playground",
    "Download saves the application as a folder that runs with flask --app … run, with the "
    "versions of the libraries in requirements.txt.",
)
def test_the_folder_that_is_downloaded_runs(smallest: Started, tmp_path: Path) -> None:
    with smallest.page.expect_download() as download:
        smallest.panel.get_by_role("button", name="Download").click()
    assert download.value.suggested_filename == f"{SMALLEST}.zip"
    with zipfile.ZipFile(io.BytesIO(Path(download.value.path()).read_bytes())) as folder:
        assert folder.testzip() is None
        folder.extractall(tmp_path)
    pins = (tmp_path / "requirements.txt").read_text(encoding="utf-8").split()
    assert any(re.fullmatch(r"Flask==\d+\.\d+\.\d+", pin) for pin in pins)
    command = [sys.executable, "-m", "flask", "--app", SMALLEST, "routes"]
    environment = {"PYTHONPATH": str(tmp_path), "PATH": ""}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert "/notes/<int:number>" in done.stdout, done.stderr


@proves(
    "start/playground",
    "They are kept from request to request, until you press Empty the cookie jar.",
    "The content of a signed session is shown in plain text.",
)
def test_cookies_are_kept_and_a_session_is_read(chromium: Browser, address: str) -> None:
    with running(chromium, address, "guide/sessions", "snippets.signed_sessions.smallest") as page:
        expect(page.panel.locator(".run-cookies")).to_contain_text('holds {"user": "ada"}')
        page.panel.get_by_role("button", name="Send all").click()
        items = page.panel.locator(".run-all li")
        expect(items).to_have_count(4, timeout=PATIENCE)
        assert all("The same as recorded." in text for text in items.all_inner_texts())
        page.panel.get_by_role("button", name="Empty the cookie jar").click()
        expect(page.panel.locator(".run-cookies")).to_have_count(0)


@proves(
    "start/playground",
    "An HTML page is shown as a preview.",
    "Its links and forms send requests to your application, and its scripts do not run.",
)
def test_forms_and_links_of_the_preview_go_to_the_application(
    chromium: Browser, address: str
) -> None:
    with running(chromium, address, "guide/routing", SMALLEST) as page:
        page.edit(
            "from flask import Flask, request\n\napp = Flask(__name__)\n\n\n@app.route('/', methods=['GET', 'POST'])\n"
            "def form():\n    return f\"<script>document.title = 'ran'</script><a href='/next'>next</a>"
            "<form method=post><input name=tea value=green><button>go</button></form>{request.form.get('tea')}\"\n\n\n"
            "@app.get('/next')\ndef following():\n    return 'the next page'\n"
        )
        answered(page.panel, "differs")
        frame = page.panel.frame_locator(".run-preview")
        frame.get_by_role("button", name="go").click()
        expect(page.panel.locator(".run-body").first).to_contain_text("green", timeout=PATIENCE)
        page.panel.frame_locator(".run-preview").get_by_role("link", name="next").click()
        expect(page.panel.locator(".run-body").first).to_contain_text("the next page")
        # Nothing in it runs, which the console of the browser says.
        assert all("sandbox" in fault for fault in page.reader.faults)
        page.reader.faults.clear()


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_panel_can_be_read_by_everyone(routing: Started, width: int, scheme: Any) -> None:
    routing.shown(width, scheme)
    routing.panel.get_by_role("button", name="Reset").click()
    routing.panel.get_by_role("button", name="Run", exact=True).click()
    answered(routing.panel)
    routing.check_access()


def test_the_keyboard_reaches_everything_and_leaves_the_editor(smallest: Started) -> None:
    page = smallest.page
    # Firefox gives the focus to the page in front only, and others are open.
    page.bring_to_front()
    smallest.panel.locator(".cm-content").click()
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(smallest.panel.get_by_role("button", name="Run", exact=True)).to_be_focused()
    names = []
    for _ in range(12):
        page.keyboard.press("Tab")
        names.append(
            page.evaluate(
                "document.activeElement.textContent.slice(0, 20) || document.activeElement.tagName"
            )
        )
    assert {"Reset", "Download", "Send all", "Send"} <= set(names), names
