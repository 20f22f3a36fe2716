from hello import app


def test_the_first_page() -> None:
    response = app.test_client().get("/")
    assert response.status_code == 200
    assert response.text == "Hello, Flask!"


def test_a_name() -> None:
    response = app.test_client().get("/hello/阿达")
    assert "<h1>Hello, 阿达!</h1>" in response.text
