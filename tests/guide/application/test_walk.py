"""The whole way, on every database with every session store: docs/guide/application.md."""

from __future__ import annotations

from flask import Flask

from proven.claims.proofs import proves
from tests.guide.application.common import BERT, Visitor, said


@proves(
    "guide/application",
    "Users register and log in by mobile number, write notes, change their passwords and "
    "log out of all browsers at once, in English or Chinese.",
    "The application is tested with the drivers sqlite, mysql+pymysql, mysql+mysqldb and "
    "postgresql+psycopg.",
    "register and log in by mobile number | Registration, Login and logout",
    "list, write, change and delete notes | Notes",
    "log out everywhere | Logout everywhere",
    "run on SQLite, MariaDB and PostgreSQL, with sessions in files or in Redis | Settings",
    "The tests use the test client to go from the registration to the logout everywhere, "
    "on SQLite, on MariaDB with both drivers, and on PostgreSQL, each with sessions in "
    "files and in Redis.",
)
def test_from_registration_to_logout_everywhere(stored: Flask) -> None:
    ada = Visitor(stored).register()
    assert "Welcome! Write your first note." in said(ada.get("/notes/"))
    for number in range(1, 9):
        address = ada.write(f"Note {number} 早😀", "one\r\ntwo")
    assert ada.titles() == [f"Note {number} 早😀" for number in range(8, 2, -1)]
    assert ada.titles("/notes/?page=2") == ["Note 2 早😀", "Note 1 早😀"]
    assert "8 notes" in said(ada.get("/notes/"))
    # change one, delete one
    version = ada.page(address).select_one("[name=version]")["value"]  # type: ignore[index]
    changed = ada.post(address, title="Changed", text="三", version=version)
    assert (changed.status_code, changed.location) == (303, "/notes/")
    assert ada.titles()[0] == "Changed"
    assert ada.post(f"{address}/delete").status_code == 303
    assert "Changed" not in ada.titles()
    assert ada.get(address).status_code == 404
    # another person sees nothing of it
    address = ada.write("Secret")
    bert = Visitor(stored).register(BERT)
    assert bert.titles() == []
    assert bert.get(address).status_code == 404
    assert bert.post(address, title="x", version=1).status_code == 404
    assert bert.post(f"{address}/delete").status_code == 404
    # out here, and in again elsewhere
    assert ada.post("/logout").location == "/"
    assert ada.get("/notes/").status_code == 303
    assert ada.login(password="wrong horse").status_code == 422
    assert ada.login("138 0013-8000").location == "/notes/"
    phone = Visitor(stored)
    assert phone.login("+8613800138000").status_code == 303
    assert phone.titles()[0] == "Secret"
    assert phone.post("/account/logout-everywhere").location == "/login"
    assert [each.get("/notes/").status_code for each in (ada, phone, bert)] == [303, 303, 200]
    # what happened is written down, and only one's own is shown
    assert ada.login().status_code == 303
    cells = [row.select("td")[1].get_text() for row in ada.page("/account/").select("tbody tr")]
    assert cells == [
        *["Logged in", "Logged out everywhere", "Logged in", "Logged in"],
        *["Login failed", "Note deleted", "Registered"],
    ]
