"""Then and now: docs/guide/middleware.md."""

from __future__ import annotations

import importlib
from typing import Any

from werkzeug.middleware.proxy_fix import ProxyFix

from proven.claims.proofs import proves
from tests.guide.middleware.common import error_of, new_app, on_the_page


@proves(
    "guide/proxy-fix",
    "from werkzeug.contrib.fixers import ProxyFix. This line of old posts raises "
    "ModuleNotFoundError: No module named 'werkzeug.contrib' (…).",
    "ProxyFix(app, num_proxies=1). This line of old posts raises TypeError: "
    "ProxyFix.__init__() got an unexpected keyword argument 'num_proxies'.",
)
@proves(
    "guide/middleware",
    "from werkzeug.wsgi import DispatcherMiddleware. This line of old posts raises "
    "ImportError: cannot import name 'DispatcherMiddleware' from 'werkzeug.wsgi' (…).",
)
def test_old_imports_and_num_proxies_are_refused() -> None:
    message = "ModuleNotFoundError: No module named 'werkzeug.contrib'"
    found = error_of(lambda: importlib.import_module("werkzeug.contrib.fixers"))
    assert found == on_the_page(message)

    message = "TypeError: ProxyFix.__init__() got an unexpected keyword argument 'num_proxies'"
    old: Any = ProxyFix
    assert error_of(lambda: old(new_app(), num_proxies=1)) == on_the_page(message)

    def from_wsgi() -> None:
        exec("from werkzeug.wsgi import DispatcherMiddleware")

    message = "ImportError: cannot import name 'DispatcherMiddleware' from 'werkzeug.wsgi'"
    assert error_of(from_wsgi).startswith(on_the_page(message))
