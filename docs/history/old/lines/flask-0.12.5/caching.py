"""Old lines of the page on caching; each function returns what came of it."""


def simple_cache():
    from werkzeug.contrib.cache import SimpleCache

    cache = SimpleCache()
    cache.set("tea", "oolong", timeout=60)
    return cache.get("tea")
