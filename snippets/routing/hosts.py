"""Three sites in one application, distinguished by the whole host name."""

from flask import Flask, url_for

# host matching needs a host for the static files, or no static folder
app = Flask(__name__, host_matching=True, static_folder=None)


@app.get("/", host="example.com")
def shop() -> dict[str, str]:
    return {"api": url_for("api"), "shop": url_for("shop")}


@app.get("/", host="api.example.org:8000")
def api() -> dict[str, str]:
    return {"site": "api"}


@app.get("/", host="<tenant>.example.net")
def tenant_site(tenant: str) -> dict[str, str]:
    return {"tenant": tenant}
