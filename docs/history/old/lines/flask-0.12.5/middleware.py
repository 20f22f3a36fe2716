"""Old lines of the page on middleware; each function returns what came of it."""

from flask import Flask


def proxy_fix():
    from werkzeug.contrib.fixers import ProxyFix

    return ProxyFix.__name__


def num_proxies():
    try:
        from werkzeug.contrib.fixers import ProxyFix
    except ImportError:
        from werkzeug.middleware.proxy_fix import ProxyFix

    app = Flask("shop")
    return type(ProxyFix(app, num_proxies=1)).__name__


def dispatcher():
    from werkzeug.wsgi import DispatcherMiddleware

    return DispatcherMiddleware.__name__
