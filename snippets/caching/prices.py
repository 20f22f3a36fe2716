"""Keep results in Redis, and delete them when the data changes."""

from flask import Flask, abort, request
from flask.typing import ResponseReturnValue
from flask_caching import Cache
from redis.exceptions import RedisError

cache = Cache()
# stands for a table of the database
PRICES = {"oolong": 7, "sencha": 9}


@cache.memoize(timeout=300)
def price(tea: str) -> int | None:
    return PRICES.get(tea)


def create_app() -> Flask:
    app = Flask(__name__)
    app.config.from_mapping(
        CACHE_TYPE="RedisCache",
        CACHE_REDIS_URL="redis://127.0.0.1:6379/0",
        CACHE_KEY_PREFIX="shop:",
        # a cache that hangs is worse than none
        CACHE_OPTIONS={"socket_timeout": 0.2, "socket_connect_timeout": 0.2},
    )
    # SHOP_CACHE_REDIS_URL
    app.config.from_prefixed_env("SHOP")
    cache.init_app(app)

    @app.get("/teas")
    @cache.cached(timeout=60, query_string=True)
    def teas() -> list[str]:
        return sorted(tea for tea in PRICES if tea.startswith(request.args.get("first", "")))

    @app.get("/prices/<tea>")
    def show(tea: str) -> ResponseReturnValue:
        found = price(tea)
        if found is None:
            abort(404)
        return {"price": found}

    @app.put("/prices/<tea>")
    def change(tea: str) -> ResponseReturnValue:
        PRICES[tea] = int(request.get_json()["price"])
        # after the commit, or somebody stores the old price again
        try:
            cache.delete_memoized(price, tea)
        except RedisError:
            app.logger.exception("the old price stays for up to 300 seconds")
        return "", 204

    return app
