"""Template globals, filters and tests: docs/guide/template-helpers.md."""

from __future__ import annotations

import jinja2
import pytest
from flask import Blueprint

from proven.claims.proofs import proves
from snippets.hooks import template_helpers
from tests.guide.template_helpers.common import PAGE, new_app, on_the_page, render, rows, send


@proves(
    "guide/template-helpers",
    "The calls of those posts, {{ sb(1,2) }} and {{ 1|db(2,3) }}, are right and give 3 and 6.",
)
def test_the_calls_of_old_posts_give_3_and_6() -> None:
    assert send(template_helpers.app).text == "Proven Flask: 3, 6, True"
    assert render(template_helpers.app, "{{ sb(1,2) }}") == "3"
    assert render(template_helpers.app, "{{ 1|db(2,3) }}") == "6"
    for call in ("`{{ sb(1,2) }}`", "`{{ 1|db(2,3) }}`"):
        assert call in PAGE


@proves(
    "guide/template-helpers",
    "There are four kinds: globals, filters, tests and context processors.",
    "template_global | a function | sb(1,2)",
    "template_filter | a function whose first argument stands before the bar | 1|db(2,3)",
    "template_test | a function whose first argument stands before is | 6 is above(5)",
    "The name in templates is the name of the function, unless you pass another: "
    '@app.template_test("above").',
)
def test_the_calls_of_the_table_work() -> None:
    calls = {row[0]: row[2].strip("`").replace("\\|", "|") for row in rows("template-helpers")}
    assert calls == {
        "`template_global`": "sb(1,2)",
        "`template_filter`": "1|db(2,3)",
        "`template_test`": "6 is above(5)",
        "`context_processor`": "site",
    }
    shown = [render(template_helpers.app, f"{{{{ {call} }}}}") for call in calls.values()]
    assert shown == ["3", "6", "True", "Proven Flask"]


@proves(
    "guide/template-helpers",
    "context_processor | variables, computed again for each template | site",
)
def test_a_context_processor_is_called_for_each_template() -> None:
    app, numbers = new_app(), iter(range(9))
    app.context_processor(lambda: {"number": next(numbers)})
    assert [render(app, "{{ number }}") for _ in range(2)] == ["0", "1"]


@proves(
    "guide/template-helpers",
    "If Jinja already has that name, such as upper, yours replaces it without a warning.",
)
def test_a_name_of_jinja_is_replaced_without_a_word() -> None:
    app = new_app()
    assert render(app, "{{ 'a'|upper }}") == "A"
    app.template_filter()(lambda text: "mine")
    app.add_template_filter(lambda text: "mine", "upper")
    assert render(app, "{{ 'a'|upper }}") == "mine"


@proves(
    "guide/template-helpers",
    "On a blueprint the first three are called app_template_global, app_template_filter "
    "and app_template_test.",
    "They register for all templates; a blueprint has none for its own templates alone.",
)
def test_helpers_of_a_blueprint_hold_for_all_templates() -> None:
    app, blueprint = new_app(), Blueprint("b", "b")
    blueprint.app_template_global("twice")(lambda number: number * 2)
    blueprint.app_template_filter("half")(lambda number: number // 2)
    blueprint.app_template_test("big")(lambda number: number > 9)
    app.register_blueprint(blueprint)
    assert render(app, "{{ twice(4) }} {{ 4|half }} {{ 4 is big }}") == "8 2 False"
    for name in ("template_global", "template_filter", "template_test"):
        assert not hasattr(Blueprint, name)


@proves(
    "guide/template-helpers",
    "The module with the filter was not imported, or the decorator lacks its parentheses.",
    "A missing test gives No test named 'above'., and a missing global gives "
    "jinja2.exceptions.UndefinedError: 'sb' is undefined.",
)
@pytest.mark.parametrize(
    ("template", "error", "message"),
    [
        ("{{ 1|db(2,3) }}", jinja2.TemplateAssertionError, "No filter named 'db'."),
        ("{{ 6 is above(5) }}", jinja2.TemplateAssertionError, "No test named 'above'."),
        ("{{ sb(1,2) }}", jinja2.UndefinedError, "'sb' is undefined"),
    ],
)
def test_what_is_not_registered_is_missed_with_these_words(
    template: str, error: type[Exception], message: str
) -> None:
    with pytest.raises(error) as caught:
        render(new_app(), template)
    assert str(caught.value) == on_the_page(message)
    assert f"{error.__module__}.{error.__name__}: {message}" in PAGE or error.__name__ == (
        "TemplateAssertionError"
    )


@proves(
    "guide/template-helpers",
    "The module with the filter was not imported, or the decorator lacks its parentheses.",
    "@app.template_filter registers nothing and raises no error, so write @app.template_filter().",
)
def test_a_filter_decorator_without_parentheses_registers_nothing() -> None:
    app = new_app()
    before = dict(app.jinja_env.filters)
    app.template_filter(lambda number: number)  # type: ignore[arg-type]
    assert app.jinja_env.filters == before
