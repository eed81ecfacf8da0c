"""Every key of any legal TOML has its place, and every fault one in plain words."""

import tomllib
from datetime import date
from enum import StrEnum

import pytest
import tomlkit
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field, field_validator

from scheduler.errors import ContentError
from scheduler.places import read_toml, validated

LAYOUTS = """\
# a comment with "quotes" and [brackets]
title = "x"
'odd key' = 1
dotted.one = 1
dotted . "two.three" = '''
[not.a.table]
x = 1'''

[table]  # after
  list = [ # the list
    "a", ["b,]"],
    { k = 1, deep.er = "}" },
  ]
moment = 1979-05-27 07:32:00
after = \"\"\"quotes \\\"\"\" inside \\
   joined\"\"\"\"\"

[[day]]
id = "one"
[[day]]
id = "two"
[day.inner]
x = 1
[[day.was]]
y = 2
[[day.was]]
y = 3
"""


@pytest.mark.parametrize(
    ("path", "place"),
    [
        (("title",), (2, 1)),
        (("odd key",), (3, 1)),
        (("dotted",), (4, 1)),
        (("dotted", "one"), (4, 8)),
        (("dotted", "two.three"), (5, 10)),
        (("table",), (9, 1)),
        (("table", "list"), (10, 3)),
        (("table", "list", 0), (11, 5)),
        (("table", "list", 1, 0), (11, 11)),
        (("table", "list", 2), (12, 5)),
        (("table", "list", 2, "k"), (12, 7)),
        (("table", "list", 2, "deep", "er"), (12, 19)),
        (("table", "after"), (15, 1)),
        (("day",), (18, 1)),
        (("day", 0), (18, 1)),
        (("day", 1), (20, 1)),
        (("day", 1, "id"), (21, 1)),
        (("day", 1, "inner", "x"), (23, 1)),
        (("day", 1, "was", 1, "y"), (27, 1)),
        (("day", 1, "absent", "child"), (20, 1)),
        (("absent",), (1, 1)),
    ],
)
def test_each_layout_has_its_places(path: tuple[str | int, ...], place: tuple[int, int]) -> None:
    _, places = read_toml(LAYOUTS, "x.toml")
    assert places.at(*path) == place


def test_a_text_value_has_a_place_for_each_character() -> None:
    text = 'a = "10 \\u004fctobr"\nb = """\nx\\\n   y"""\nc = 3\n'
    _, places = read_toml(text, "x.toml", first_line=5)
    assert places.inside("a", offset=0) == (5, 6)
    assert places.inside("a", offset=3) == (5, 9)
    assert places.inside("a", offset=4) == (5, 15)
    assert places.inside("b", offset=1) == (8, 4)
    assert places.inside("c", offset=9) == (9, 1)


scalars = (
    st.integers(-(10**9), 10**9)
    | st.booleans()
    | st.dates()
    | st.text(alphabet="ab\"'\\#[]{}=.,\n é\u2603", max_size=8)
)
names = st.text(alphabet="ab-_ .\"'#=é[]", min_size=1, max_size=5)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
    max_leaves=12,
)


def paths_of(value: object, path: tuple[str | int, ...] = ()) -> set[tuple[str | int, ...]]:
    pairs: list[tuple[str | int, object]] = []
    if isinstance(value, dict):
        pairs = list(value.items())
    elif isinstance(value, list):
        pairs = list(enumerate(value))
    return {path}.union(*(paths_of(inner, (*path, part)) for part, inner in pairs))


@given(st.dictionaries(names, values, max_size=4))
@settings(max_examples=300, deadline=None)
def test_every_key_of_generated_toml_has_a_place_where_it_stands(table: dict[str, object]) -> None:
    text = tomlkit.dumps(table)
    read, places = read_toml(text, "x.toml")
    assert read == tomllib.loads(text)
    assert set(places) | {()} == paths_of(read)
    lines = text.split("\n")
    for path in places:
        line, column = places.at(*path)
        here = lines[line - 1][column - 1 :]
        if isinstance(path[-1], str):
            assert here.startswith((path[-1], '"', "'", "["))


@given(st.text(alphabet="ab1[]{}\"'=.,\n# \\-:", max_size=40))
@settings(max_examples=500, deadline=None)
def test_any_text_gives_values_or_problems(text: str) -> None:
    try:
        table, places = read_toml(text, "x.toml")
    except ContentError as error:
        (problem,) = error.problems
        assert problem.line >= 1
        assert problem.column >= 1
        assert problem.what
        assert problem.cure
    else:
        assert set(places) | {()} == paths_of(table)


@pytest.mark.parametrize(
    ("text", "line", "column", "what"),
    [
        ("a = 1\nb = \n", 2, 5, "this value cannot be read"),
        ('a = "x\nb = 1\n', 1, 7, "a text is not closed"),
        ("a = [1, 2\nb = 1\n", 2, 1, "a list is not closed, or a comma is missing"),
        ("a = 1\na = 2\n", 2, 6, "this name was given a value before"),
        ("[a]\n[a]\n", 2, 3, "this table stands twice"),
        ("name\n", 1, 5, "an equals sign is missing"),
        ("a = 2027-02-30\n", 1, 5, "there is no such date or time"),
        ("[a\n", 1, 3, "a table's name is not closed"),
        ("= 1\n", 1, 1, "this line cannot be read"),
        ("a = 1 2\n", 1, 7, "something follows the value"),
        ("a = " + "[" * 3000 + "]" * 3000, 1, 1, "tables or lists are nested more than 32 deep"),
        ("a" + ".a" * 5000 + " = 1", 1, 1, "tables or lists are nested more than 32 deep"),
        ("a = " + "9" * 5000, 1, 5, "this number has more than a thousand digits"),
        ("#" * 1_000_001, 0, 0, "the file is longer than 1,000,000 characters"),
    ],
)
def test_broken_toml_is_told_with_its_place(text: str, line: int, column: int, what: str) -> None:
    with pytest.raises(ContentError) as caught:
        read_toml(text, "x.toml")
    (problem,) = caught.value.problems
    assert (problem.line, problem.column, problem.what) == (line, column, what)
    assert problem.cure


class Sort(StrEnum):
    SHORT = "short"
    LONG = "long"


class Inner(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")
    channel: str = Field(pattern="^[a-z]+$", description="Small letters only.")
    sorts: tuple[Sort, ...] = ()


class Outer(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")
    count: int = Field(ge=1, description="How many a week.")
    when: date | None = None
    on: bool = False
    inner: tuple[Inner, ...] = ()
    by_year: dict[int, str] = {}

    @field_validator("count")
    @classmethod
    def not_thirteen(cls, count: int) -> int:
        if count == 13:
            raise ValueError("thirteen is not liked\nTake twelve.")
        return count


def test_native_dates_and_texts_for_enums_are_taken() -> None:
    text = (
        "count = 2\nwhen = 2027-10-10\nby_year = {2027 = 'x'}\n"
        "[[inner]]\nchannel = 'a'\nsorts = ['long']\n"
    )
    table, places = read_toml(text, "x.toml")
    model, problems = validated(Outer, table, "x.toml", places)
    assert not problems
    assert model
    assert (model.when, model.inner[0].sorts) == (date(2027, 10, 10), (Sort.LONG,))
    assert model.by_year == {2027: "x"}


@pytest.mark.parametrize(
    ("text", "line", "column", "what", "cure"),
    [
        ("count = '2'", 1, 1, "“count” must be a whole number", "How many a week."),
        ("count = 0", 1, 1, "“count” must be at least 1", "How many a week."),
        ("count = 13", 1, 1, "“count”: thirteen is not liked", "Take twelve."),
        ("", 1, 1, "“count” is missing", "Add it: How many a week."),
        ("count = 1\non = 1", 2, 1, "“on” must be true or false", ""),
        ("count = 1\nwhen = 'x'", 2, 1, "“when” must be a date such as 2027-10-10", ""),
        ("count = 1\ninner = 3", 2, 1, "“inner” must be a list in square brackets", ""),
        (
            "count = 1\n[[inner]]\nchanel = 'a'",
            3,
            1,
            "unknown setting “chanel”",
            "Did you mean “channel”?",
        ),
        (
            "count = 1\n\n[[inner]]\n",
            3,
            1,
            "“channel” is missing",
            "Add it: Small letters only.",
        ),
        (
            "count = 1\n[[inner]]\nchannel = 'A'",
            3,
            1,
            "“channel” is not written as it must be",
            "Small letters only.",
        ),
        (
            "count = 1\n[[inner]]\nchannel = 'a'\nsorts = ['short', 'lung']",
            4,
            19,
            "entry 2 of “sorts” must be one of short, long",
            "Did you mean “long”?",
        ),
        (
            "count = 1\nby_year = {x = 'a'}",
            2,
            12,
            "“x” must be a whole number",
            "",
        ),
    ],
)
def test_what_does_not_fit_is_told_in_words(
    text: str, line: int, column: int, what: str, cure: str
) -> None:
    table, places = read_toml(text, "x.toml")
    model, problems = validated(Outer, table, "x.toml", places)
    assert model is None
    assert (line, column, what, cure) in [
        (one.line, one.column, one.what, one.cure) for one in problems
    ]
