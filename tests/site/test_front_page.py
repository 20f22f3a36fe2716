"""The front page: its snippet runs, and what it says of the site is so."""

from snippets.index import hello


def test_the_smallest_application_answers() -> None:
    response = hello.app.test_client().get("/")
    assert (response.status_code, response.text) == (200, "Hello, 世界")


def test_another_address_is_not_found() -> None:
    assert hello.app.test_client().get("/nobody").status_code == 404
