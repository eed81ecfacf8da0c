"""Check a table against its model, and say in plain words what does not fit and where."""

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails, to_json

from scheduler.errors import Problem
from scheduler.places.toml import Path, Places

M = TypeVar("M", bound=BaseModel)

_MUST_BE = {
    "bool_type": "true or false",
    "date_from_datetime_parsing": "a date such as 2027-10-10",
    "date_parsing": "a date such as 2027-10-10",
    "date_type": "a date such as 2027-10-10",
    "dict_type": "a table",
    "enum": "one of {expected}",
    "float_type": "a number",
    "greater_than": "more than {gt}",
    "greater_than_equal": "at least {ge}",
    "int_from_float": "a whole number",
    "int_parsing": "a whole number",
    "int_type": "a whole number",
    "less_than": "less than {lt}",
    "less_than_equal": "at most {le}",
    "list_type": "a list in square brackets",
    "literal_error": "one of {expected}",
    "model_type": "a table",
    "string_too_long": "at most {max_length} characters",
    "string_type": "text in quotation marks",
    "time_parsing": 'a time of day such as "09:00"',
    "time_type": 'a time of day such as "09:00"',
    "too_long": "at most {max_length} entries",
    "tuple_type": "a list in square brackets",
}

_BY_REFERENCE = (
    'Write "env:NAME" and set that variable, or "file:PATH" of a file that only you can read. '
    "If others have seen this file, change the secret where it is used."
)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A sentence that names the nearest known word; empty where none is near."""
    near = get_close_matches(word, list(known), n=1)
    return f"Did you mean “{near[0]}”?" if near else ""


def validated(
    model: type[M], table: Mapping[str, Any], file: str, places: Places, path: Path = ()
) -> tuple[M | None, list[Problem]]:
    """The model of a table, or everything in it that a person must mend.

    `path` is where the table stands in the file. The values are checked as JSON is: lists may
    become tuples, texts enums, and a TOML date or time may also be written as text. A validator's
    ValueError is shown as it is; what follows its first line is taken as the cure.
    """
    try:
        return model.model_validate_json(to_json(table, inf_nan_mode="constants")), []
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
        told = [one for one in found if not _follows(one, found)]
        return None, [_problem(model, table, one, file, places, path) for one in told]


def _follows(error: ErrorDetails, others: Sequence[ErrorDetails]) -> bool:
    """Whether a list is called too short only because its entries did not fit."""
    loc = error["loc"]
    return error["type"] == "too_short" and any(
        len(one["loc"]) > len(loc) and one["loc"][: len(loc)] == loc for one in others
    )


def _problem(
    model: type[BaseModel],
    table: Mapping[str, Any],
    error: ErrorDetails,
    file: str,
    places: Places,
    path: Path,
) -> Problem:
    where = _real(error["loc"], table)
    line, column = places.at(*path, *where)
    # An error that knows its word's `position` in the text, such as WhenError, is shown there.
    position = getattr(error.get("ctx", {}).get("error"), "position", None)
    if isinstance(position, int):
        line, column = places.inside(*path, *where, offset=position)
    what, cure = _words(model, error, where, _value(table, where))
    return Problem(file=file, line=line, column=column, what=what, cure=cure)


def _words(
    model: type[BaseModel], error: ErrorDetails, where: Path, value: object
) -> tuple[str, str]:
    kind, name = error["type"], _name(where)
    about = _about(model, where)
    if kind == "extra_forbidden":
        known = _fields(model, where[:-1])
        cure = did_you_mean(str(where[-1]), known)
        return f"unknown setting {name}", cure or f"Known here: {', '.join(known)}."
    if kind == "missing":
        return f"{name} is missing", f"Add it: {about}" if about else "Add it."
    if kind in ("value_error", "assertion_error"):
        what, _, cure = str(error["ctx"]["error"]).partition("\n")
        return (f"{name}: {what}" if where else what), cure.strip() or about
    if kind in ("too_short", "string_too_short"):
        return f"{name} must not be empty", about
    if kind == "string_pattern_mismatch" and "env:" in error["ctx"]["pattern"]:
        return f"{name} must not stand here in clear", _BY_REFERENCE
    if kind == "string_pattern_mismatch":
        return f"{name} is not written as it must be", about or f"{error['ctx']['pattern']}"
    if must_be := _MUST_BE.get(kind):
        wanted = _unquoted(must_be.format(**error.get("ctx", {})))
        near = did_you_mean(value, _options(wanted)) if isinstance(value, str) else ""
        return f"{name} must be {wanted}", near or about
    said = error["msg"]
    return f"{name}: {said[:1].lower()}{said[1:]}", about


def _real(loc: Sequence[str | int], table: Mapping[str, Any]) -> Path:
    """The error's place in the file: pydantic also names unions' members and "[key]"."""
    where: list[str | int] = []
    value: Any = table
    for index, part in enumerate(loc):
        last = index == len(loc) - 1
        if isinstance(value, Mapping) and (part in value or (last and part != "[key]")):
            value = value.get(part)
        elif isinstance(value, list) and isinstance(part, int) and part < len(value):
            value = value[part]
        else:
            continue
        where.append(part)
    return tuple(where)


def _value(table: Mapping[str, Any], where: Path) -> object:
    value: Any = table
    for part in where:
        value = value.get(part) if isinstance(value, Mapping) else value[int(part)]
    return value


def _name(where: Path) -> str:
    names = [part for part in where if isinstance(part, str)]
    if not names:
        return "this table"
    if isinstance(where[-1], int):
        return f"entry {where[-1] + 1} of “{names[-1]}”"
    return f"“{names[-1]}”"


def _unquoted(wanted: str) -> str:
    return wanted.replace("'", "").replace(" or ", ", ") if "one of" in wanted else wanted


def _options(wanted: str) -> list[str]:
    return wanted.removeprefix("one of ").split(", ") if wanted.startswith("one of ") else []


def _about(model: type[BaseModel], where: Path) -> str:
    """The description of the setting itself, not of what it stands in."""
    names = [part for part in where if isinstance(part, str)]
    if not names:
        return ""
    holder = _model(model, names[:-1])
    field = _by_name(holder).get(names[-1]) if holder else None
    return (field.description or "") if field else ""


def _fields(model: type[BaseModel], where: Path) -> list[str]:
    holder = _model(model, [part for part in where if isinstance(part, str)])
    return list(_by_name(holder)) if holder else []


def _by_name(model: type[BaseModel]) -> dict[str, Any]:
    return {field.alias or name: field for name, field in model.model_fields.items()}


def _model(model: type[BaseModel], names: Sequence[str]) -> type[BaseModel] | None:
    found: type[BaseModel] | None = model
    for name in names:
        field = _by_name(found).get(name) if found else None
        found = _inner(field.annotation) if field else None
    return found


def _inner(annotation: Any) -> type[BaseModel] | None:
    """The model inside an annotation such as `tuple[Point, ...] | None`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for one in get_args(annotation) if (found := _inner(one))), None)
