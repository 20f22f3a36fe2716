"""Behind one proxy that sets X-Forwarded-For, -Proto and -Host."""

from flask import Flask, request, url_for
from werkzeug.middleware.proxy_fix import ProxyFix


def create_app(*, behind_proxy: bool = True) -> Flask:
    app = Flask(__name__)
    if behind_proxy:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            # one proxy, counted from the application outwards
            app.wsgi_app,
            x_for=1,
            x_proto=1,
            x_host=1,
        )

    @app.get("/")
    def where() -> dict[str, str | None]:
        return {
            "link": url_for("where", _external=True),
            "remote_addr": request.remote_addr,
        }

    return app
