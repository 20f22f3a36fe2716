"""Which requests run them: docs/guide/hooks.md."""

from __future__ import annotations

import pytest
from flask import request

from proven.claims.proofs import proves
from tests.guide.hooks.common import send, traced_app


@proves(
    "guide/hooks",
    "a rule matches | yes | yes | yes | yes",
    "404, 405, redirect to the URL with a slash | yes | no | yes | yes",
    "a static file | yes | Flask's own | yes | yes",
    "OPTIONS without a view for it | yes | no | yes | yes",
    "a before_request function returns a response | up to that one | no | yes | yes",
    "an error that has a handler | yes | yes | yes | yes",
    "an error without a handler | yes | yes | yes, with a 500 | yes, with the error",
)
@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/fine/", ["before", "view", "after 200", "teardown None"]),
        ("GET", "/nowhere", ["before", "after 404", "teardown None"]),
        ("POST", "/fine/", ["before", "after 405", "teardown None"]),
        ("GET", "/fine", ["before", "after 308", "teardown None"]),
        ("GET", "/static/common.py", ["before", "after 200", "teardown None"]),
        ("OPTIONS", "/fine/", ["before", "after 200", "teardown None"]),
        ("GET", "/fine/?answer", ["before", "after 200", "teardown None"]),
        ("GET", "/handled", ["before", "view", "after 400", "teardown None"]),
        ("GET", "/bug", ["before", "view", "after 500", "teardown ValueError('bug')"]),
    ],
)
def test_which_hooks_run_for_which_request(method: str, path: str, expected: list[str]) -> None:
    steps: list[str] = []
    answer = send(traced_app(steps), path, method)
    answer.close()
    assert steps == expected


@proves(
    "guide/hooks",
    "the same in debug mode or with TESTING | yes | yes | no | yes, with the error",
    "In debug mode and with TESTING = True an error without a handler is raised on, to "
    "the debugger or to the test, and Flask makes no response from it.",
)
@pytest.mark.parametrize("mode", ["debug", "testing"])
def test_an_error_in_debug_mode_or_while_testing_skips_after_request(mode: str) -> None:
    steps: list[str] = []
    with pytest.raises(ValueError, match=r"^bug$"):
        send(traced_app(steps, **{mode: True}), "/bug")
    assert steps == ["before", "view", "teardown ValueError('bug')"]


@proves(
    "guide/proxy-fix",
    "Flask checks the host after ProxyFix has changed it, and responds with 400 to other "
    "hosts, unless a hook returns a response first.",
)
@proves(
    "guide/hooks",
    "400 for a host that is not trusted | yes | no | yes | yes",
    "Flask refuses a host that is not in TRUSTED_HOSTS only after the before_request functions.",
    "If one of them returns a response, the client gets that response and not the 400.",
)
@pytest.mark.parametrize("host", ["evil.example", "a..b"])
def test_a_host_that_is_not_trusted_is_refused_after_the_hooks(host: str) -> None:
    steps: list[str] = []
    app = traced_app(steps)
    app.config["TRUSTED_HOSTS"] = ["localhost"]
    assert send(app, "/fine/", headers={"Host": host}).status_code == 400
    assert steps == ["before", "after 400", "teardown None"]
    assert send(app, "/fine/?answer", headers={"Host": host}).text == "Answered"
    assert steps[3:] == ["before", "after 200", "teardown None"]


@proves(
    "guide/hooks",
    "The browser requests more than the page: the files under /static/ that the page "
    "uses, and /favicon.ico.",
    "Each of these is a request of its own and runs the hooks again.",
    'To skip them, compare flask.Request.endpoint: it is "static" for static files of the '
    "application and None if no rule matches.",
)
def test_one_page_in_a_browser_is_several_requests_that_endpoints_tell_apart() -> None:
    seen: list[str | None] = []
    app = traced_app([])
    app.before_request(lambda: seen.append(request.endpoint))
    for path in ("/fine/", "/static/common.py", "/favicon.ico"):
        send(app, path).close()
    assert seen == ["fine", "static", None]
