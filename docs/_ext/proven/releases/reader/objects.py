"""How an object that griffe found is written down: its parameters, its value."""

from __future__ import annotations

import ast
import re

import griffe


def final(item: griffe.Object | griffe.Alias) -> griffe.Object | None:
    """The object behind a chain of imports, if it is in the package."""
    if not item.is_alias:
        return item  # type: ignore[return-value]
    try:
        return item.final_target  # type: ignore[union-attr]
    except griffe.GriffeError:
        return None


def for_types(target: griffe.Object) -> bool:
    """Whether it is a type variable or the alias of a type: no name to use at run time."""
    written = str(getattr(target, "value", None) or "")
    return target.is_attribute and bool(
        re.match(r"(t|te|typing|typing_extensions)\.|TypeVar\(", written)
    )


def property_getter(attribute: griffe.Object) -> str | None:
    """The name of the function behind ``x = property(_get_x, ...)``."""
    match = re.match(r"property\(\s*(\w+)", str(getattr(attribute, "value", "") or ""))
    return match[1] if match else None


def value(attribute: griffe.Object) -> str | None:
    """The value of an attribute, where it says something: a literal or a configuration key."""
    written = getattr(attribute, "value", None)
    labels = attribute.labels
    if written is None or ("instance-attribute" in labels and "class-attribute" not in labels):
        return None
    text = _normal(str(written))
    if re.match(r"ConfigAttribute\(['\"](\w+)['\"]", text):
        return text
    try:
        ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return None
    return None if len(text) > 60 or attribute.name.startswith("__") else text


def _normal(expression: str) -> str:
    try:
        return ast.unparse(ast.parse(expression, mode="eval"))
    except SyntaxError:
        return expression


def signature(function: griffe.Object, *, bound: bool = False) -> str:
    """The parameters of a function with their defaults, without annotations; bound without its first one."""
    kinds = griffe.ParameterKind
    parameters = list(function.parameters)  # type: ignore[attr-defined]
    parameters = parameters[1:] if bound else parameters
    parts: list[str] = []
    starred = False
    for parameter, following in zip(parameters, [*parameters[1:], None], strict=False):
        stars = {kinds.var_positional: "*", kinds.var_keyword: "**"}.get(parameter.kind, "")
        if parameter.kind is kinds.keyword_only and not starred:
            parts.append("*")
        starred = starred or parameter.kind in {kinds.var_positional, kinds.keyword_only}
        default = (
            "" if parameter.default is None or stars else f"={_normal(str(parameter.default))}"
        )
        parts.append(stars + parameter.name.lstrip("*") + default)
        if parameter.kind is kinds.positional_only and (
            following is None or following.kind is not kinds.positional_only
        ):
            parts.append("/")
    return f"({', '.join(parts)})"
