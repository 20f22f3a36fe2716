"""The check of history/check finds what the command finds, with the same data."""

from __future__ import annotations

import json
import subprocess
from functools import cache
from pathlib import Path

from playwright._impl._driver import compute_driver_executable

from proven.base.project import ROOT
from proven.claims.proofs import proves
from proven.releases import recorded, upgrade
from proven.releases.timeline import History
from proven.releases.upgrade_box import script
from tests.site.releases.test_club import CLUB
from tests.site.releases.test_upgrade import BLOG, GONE, TUTORIAL

SCRIPTS = [ROOT / "docs/_static/upgrade-check" / name for name in ("tokens.js", "core.js")]
ASK = """
const fs = require("fs"), vm = require("vm");
const [data, ...scripts] = process.argv.slice(1);
for (const script of scripts) vm.runInThisContext(fs.readFileSync(script, "utf8"));
let filled;
provenUpgrade.take((given) => { filled = given; });
vm.runInThisContext(fs.readFileSync(data, "utf8"));
const texts = JSON.parse(fs.readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(texts.map((text) => provenUpgrade.check(filled, text))));
"""
CASES = {
    "tutorial": TUTORIAL,
    "blog": BLOG,
    "semicolons": "import flask; from flask import Markup; x = flask.escape('a')\n",
    "continued": "from flask \\\n    import Flask, \\\n    Markup\napp = Flask(\n  'a'\n)\napp.got_first_request\n",
    "long string": 'from flask import Flask\napp = Flask("a")\nx = """\nMarkup\n"""\napp.before_first_request(x)\n',
    "not an object": "from flask import Flask\napp = Flask('a').test_client()\napp.before_first_request\n",
    "chained": "from flask import Flask\napp = Flask('a').x().before_first_request\n",
    "annotated": "import flask\nJSON_AS_ASCII: bool = False\ndef f(x: int = 3) -> flask.Markup: return x['ENV']\n",
    "nothing": "",
    "no end": "from flask import Markup",
    "windows": "import os\r\nfrom flask import (\r\n  Flask,\r\n  Markup)\r\n",
    "a parameter of that name": "def show(app): app.before_first_request(load)\n",
    "a relative import": "from .models import Markup\nfrom . import escape\n",
}


@cache
def history() -> History:
    return History()


def in_browser(tmp_path: Path, sources: list[str]) -> list[list[dict[str, object]]]:
    data = tmp_path / "upgrade-check.js"
    data.write_text(script(history()), encoding="utf-8")
    command = [str(compute_driver_executable()[0]), "-e", ASK, str(data), *map(str, SCRIPTS)]
    done = subprocess.run(
        command, input=json.dumps(sources), capture_output=True, text=True, check=True
    )
    found: list[list[dict[str, object]]] = json.loads(done.stdout)
    return found


def by_command(tmp_path: Path, source: str) -> list[tuple[object, ...]]:
    file = tmp_path / "app.py"
    file.write_text(source, encoding="utf-8", newline="")
    found, unread = upgrade.read(file, history())
    assert unread == []
    return sorted(
        (
            f.line,
            f.name,
            f.library,
            f.deprecated,
            f.removed,
            f.use,
            "" if f.name == "flask.ext" else upgrade.page_of(f.name, history()),
        )
        for f in found
    )


def as_tuples(found: list[dict[str, object]]) -> list[tuple[object, ...]]:
    keys = ("line", "name", "library", "deprecated", "removed", "use", "page")
    return sorted(tuple(item[key] for key in keys) for item in found)  # type: ignore[type-var]


@proves(
    "history/check",
    "In a single file, both find the same lines.",
)
def test_the_page_finds_what_the_command_finds(tmp_path: Path) -> None:
    old = [*sorted(recorded.CODE.rglob("*.py")), *sorted(CLUB.rglob("*.py"))]
    cases = CASES | {str(path): path.read_text(encoding="utf-8") for path in old}
    answers = in_browser(tmp_path, list(cases.values()))
    for (name, source), found in zip(cases.items(), answers, strict=True):
        assert as_tuples(found) == by_command(tmp_path, source), name
    assert sum(map(len, answers)) > 100


def test_each_line_of_a_tutorial_that_fails_today_is_named_on_the_page(tmp_path: Path) -> None:
    (found,) = in_browser(tmp_path, [TUTORIAL])
    assert sorted({item["line"] for item in found if item["removed"]}) == GONE


@proves(
    "history/check",
    "A name is known by its import, such as from flask import Markup.",
    "An object is known by the class that made it, such as app = Flask(__name__), by the class that"
    " it inherits from, such as class Post(db.Model), or by the proxy that was imported, such as"
    " request.",
    "Some lines fail although the name is still there.",
    "The list has arguments that must be named today, as in Post.query.paginate(1, 20), methods that"
    " became properties, as in current_user.is_authenticated(), and imports of packages whose last"
    " release does not fit today's Flask, such as flask_script.",
    "What none of them says is not guessed: in def start(app): app.before_first_request(load)"
    " nothing says what app is.",
    'Configuration keys are found in app.config["…"], in app.config.update(…) and as names in upper'
    " case in a settings file.",
    "The check knows names, not behaviour: a line that does something else under the same name,"
    ' such as redirect("/index"), is not in the list.',
)
def test_what_is_known_and_what_is_not_guessed(tmp_path: Path) -> None:
    app = "from flask import Flask\napp = Flask(__name__)\n"
    post = (
        "from flask_sqlalchemy import SQLAlchemy\ndb = SQLAlchemy()\nclass Post(db.Model): pass\n"
    )
    user = "from flask_login import current_user\n"
    cases = {
        "from flask import Markup\n": ["flask.Markup"],
        "from elsewhere import Markup\n": [],
        f"{app}app.before_first_request(load)\n": ["flask.Flask.before_first_request"],
        "from flask import request\nrequest.is_xhr\n": ["werkzeug.wrappers.Request.is_xhr"],
        "def start(app): app.before_first_request(load)\n": [],
        f'{app}app.config["ENV"]\n': ["flask:ENV"],
        f"{app}app.config.update(ENV=1)\n": ["flask:ENV"],
        "ENV = 1\n": ["flask:ENV"],
        'from flask import redirect\nredirect("/index")\n': [],
        f"{post}Post.query.paginate(1, 20)\n": ["flask_sqlalchemy.query.Query.paginate(page)"],
        f"{post}Post.query.filter_by(a=1).paginate(page=1)\n": [],
        f"{user}current_user.is_authenticated()\n": ["flask_login.UserMixin.is_authenticated()"],
        f"{user}current_user.is_authenticated\n": [],
        "from flask_script import Manager\n": ["flask_script"],
    }
    answers = in_browser(tmp_path, list(cases))
    assert [[item["name"] for item in found] for found in answers] == list(cases.values())
