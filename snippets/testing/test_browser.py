"""A test that clicks through a page in a browser."""

from typing import Any

from flask import Flask

LOG_IN = """
<form method=post action=/login>
  <label>Name <input name=name></label>
  <label>Password <input name=password type=password></label>
  <button>Log in</button>
</form>
"""


def test_logging_in(app: Flask, live_server: str, page: Any) -> None:
    app.add_url_rule("/form", view_func=lambda: LOG_IN)
    page.goto(f"{live_server}/form")
    page.get_by_label("Name").fill("阿达")
    page.get_by_label("Password").fill("correct horse")
    page.get_by_role("button", name="Log in").click()
    page.get_by_text("Hello, 阿达!").wait_for()
