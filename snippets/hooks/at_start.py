"""Work that has to be done once is done where the application is created."""

from flask import Flask, current_app


def load_rates() -> None:
    current_app.config["RATES"] = {"CNY": 1.0, "EUR": 7.9}


def create_app() -> Flask:
    app = Flask(__name__)
    # load_rates uses current_app, which needs this context; a database extension needs it too
    with app.app_context():
        load_rates()

    @app.get("/rates/<currency>")
    def rate(currency: str) -> dict[str, float]:
        rates: dict[str, float] = current_app.config["RATES"]
        return {currency: rates[currency]}

    return app
