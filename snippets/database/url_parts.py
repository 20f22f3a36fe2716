"""An engine URL is put together from its parts, whatever the password contains."""

from flask import Flask
from sqlalchemy.engine import URL, make_url

app = Flask(__name__)

# For this example only: a real password comes from the configuration.
PASSWORD = "p@ss w/rd%41"


@app.get("/parts")
def parts() -> dict[str, str | None]:
    url = URL.create(
        "mysql+pymysql",
        username="shop",
        password=PASSWORD,
        host="db.example",
        database="shop",
        query={"charset": "utf8mb4"},
    )
    text = url.render_as_string(hide_password=False)
    return {"shown": str(url), "text": text, "password": make_url(text).password}


@app.get("/pasted")
def pasted() -> dict[str, str | None]:
    url = make_url(f"mysql+pymysql://shop:{PASSWORD}@db.example/shop")
    return {"host": url.host, "password": url.password}
