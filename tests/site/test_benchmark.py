"""``{benchmark}``: a recorded result becomes a table; what cannot be read is answered with one line."""

import json
import platform
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup

from proven.claims.figures import BenchmarkError, read, titles
from proven.commands.bench_converters import ROWS, record
from proven.commands.measured import machine
from tests.site.tiny_site import TinySite

ROOT = Path(__file__).resolve().parents[2]
PAGE = "docs/guide/visitors.md"
RESULT = "docs/_bench/speed.json"


def result(**changes: Any) -> dict[str, Any]:
    return {
        "date": "2025-01-31",
        "machine": "2 × CPU",
        "versions": {"Python": "3.13.0", "Flask": "3.1.3"},
        "subject": "converter",
        "columns": [
            {"name": "match", "unit": "µs", "decimals": 1},
            {"name": "match-ratio", "unit": "×", "decimals": 2},
        ],
        "rows": [
            {"name": "int", "values": [4.25, 1]},
            {"name": 're(r"\\d")', "values": [10, 2.4]},
        ],
    } | changes


def written(folder: Path, data: object) -> Path:
    file = folder / "speed.json"
    file.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
    return file


@pytest.fixture
def page(tiny_site: TinySite) -> TinySite:
    """A tiny site whose second page shows a benchmark."""
    tiny_site.write(PAGE, tiny_site.read(PAGE) + "\n```{benchmark} speed\n```\n")
    return tiny_site


def shown(html: Path) -> tuple[list[str], list[list[str]], str]:
    """Return the headings, the rows and the line below the table."""
    soup = BeautifulSoup(
        html.joinpath("guide", "visitors.html").read_text(encoding="utf-8"), "lxml"
    )
    box = soup.select_one("div.benchmark")
    assert [code.get_text() for code in box.select("td code")] == ["int", 're(r"\\d")']
    return (
        [cell.get_text() for cell in box.select("th p")],
        [[cell.get_text() for cell in row.select("td p")] for row in box.select("tbody tr")],
        box.select("p")[-1].get_text(),
    )


FIGURES = [["int", "4.2", "1.00"], ['re(r"\\d")', "10.0", "2.40"]]


def test_a_missing_result_stops_the_build_and_a_new_one_is_shown_by_the_next(
    page: TinySite,
) -> None:
    built = page.build()
    line = page.line(PAGE, "{benchmark}")
    assert built.code != 0
    assert built.complaints == [
        f"{PAGE}:{line}: WARNING: benchmark: there is no result _bench/speed.json: run 'nox -s bench'"
        " [proven.benchmark]"
    ]
    page.write(RESULT, json.dumps(result()))
    built = page.build()
    assert (built.code, built.complaints) == (0, [])
    assert shown(built.html) == (
        ["Converter", "Matching (µs)", "Against string (×)"],
        FIGURES,
        "Measured on 2025-01-31 with Python 3.13.0, Flask 3.1.3 on 2 × CPU.",
    )


def test_the_table_is_in_the_readers_language(page: TinySite) -> None:
    page.write(RESULT, json.dumps(result()))
    built = page.build("zh_CN")
    assert (built.code, built.complaints) == (0, [])
    assert shown(built.html) == (
        ["转换器", "匹配（µs）", "相对 string（×）"],
        FIGURES,
        "测于 2025-01-31，环境为 Python 3.13.0、Flask 3.1.3，机器为 2 × CPU。",
    )


def test_a_count_has_no_unit_and_what_does_not_exist_is_a_dash(tiny_site: TinySite) -> None:
    tiny_site.write(PAGE, tiny_site.read(PAGE) + "\n```{benchmark} speed\n```\n")
    columns = [
        {"name": "requests", "unit": "", "decimals": 0},
        {"name": "hung", "unit": "s", "decimals": 1},
    ]
    rows = [{"name": "Redis", "values": [12345, 1.04]}, {"name": "files", "values": [7, None]}]
    tiny_site.write(RESULT, json.dumps(result(subject="backend", columns=columns, rows=rows)))
    built = tiny_site.build()
    assert (built.code, built.complaints) == (0, [])
    page = built.html.joinpath("guide", "visitors.html").read_text(encoding="utf-8")
    box = BeautifulSoup(page, "lxml").select_one("div.benchmark")
    assert [cell.get_text() for cell in box.select("th p")] == ["Backend", "Requests", "Hung (s)"]
    assert [cell.get_text() for cell in box.select("tbody p")] == [
        *("Redis", "12,345", "1.0"),
        *("files", "7", "–"),
    ]


def test_what_chaos_records_is_recorded_again_by_chaos(tmp_path: Path) -> None:
    with pytest.raises(
        BenchmarkError, match=r"there is no result _bench/chaos-waits\.json: run 'nox -s chaos'"
    ):
        read(tmp_path / "chaos-waits.json")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("{", "_bench/speed.json is not JSON (Expecting property name enclosed in double quotes: "
              "line 1 column 2 (char 1)): run 'nox -s bench'"),
        ([], "_bench/speed.json is not a result (TypeError: list indices must be integers or slices, "
             "not str): run 'nox -s bench'"),
        ({}, "_bench/speed.json is not a result (KeyError: 'columns'): run 'nox -s bench'"),
        (result(versions=3), "_bench/speed.json is not a result (TypeError: 'int' object is not iterable)"
                             ": run 'nox -s bench'"),
        (result(rows=[{"name": "int", "values": ["fast", 1]}]),
         "_bench/speed.json is not a result (ValueError: could not convert string to float: 'fast')"
         ": run 'nox -s bench'"),
        (result(rows=[{"name": "int", "values": [1]}]),
         "_bench/speed.json: the row 'int' has 1 values for 2 columns: run 'nox -s bench'"),
        (result(subject="teapot"),
         "_bench/speed.json: there is no heading for 'teapot': add it to proven.claims.figures.titles()"),
        (result(columns=[{"name": "brew", "unit": "s", "decimals": 0}]),
         "_bench/speed.json: there is no heading for 'brew': add it to proven.claims.figures.titles()"),
    ],
)  # fmt: skip
def test_a_result_that_cannot_be_read_says_what_to_do(
    tmp_path: Path, data: object, message: str
) -> None:
    with pytest.raises(BenchmarkError) as fault:
        read(written(tmp_path, data))
    assert str(fault.value) == message


def test_the_recorded_result_has_the_rows_that_the_script_measures() -> None:
    recorded = json.loads((ROOT / "docs/_bench/converters.json").read_text(encoding="utf-8"))
    assert [row["name"] for row in recorded["rows"]] == list(ROWS)
    assert read(ROOT / "docs/_bench/converters.json").date == recorded["date"]


def test_the_script_writes_what_the_directive_reads(tmp_path: Path) -> None:
    medians = {(row, operation): 2.0 for row in ROWS for operation in ("match", "build", "request")}
    table = read(written(tmp_path, record(medians)))
    assert [column.title for column in table.columns] == [
        titles()[name] for name in ("match", "match-ratio", "build", "build-ratio", "request")
    ]
    assert table.rows == [(row, [2.0, 1.0, 2.0, 1.0, 2.0]) for row in ROWS]


def test_the_machine_is_described_without_a_name_or_a_path() -> None:
    words = machine()
    assert not platform.node() or platform.node() not in words
    assert "/" not in words
    assert words.endswith(f"{platform.system()}, {platform.machine()}")
