"""Whatever is wrong in config.toml is told with line, column, words and cure."""

from collections.abc import Callable
from pathlib import Path

import pytest

from scheduler.errors import Problem, UsageError
from scheduler.files.config import Config, find_site

Read = Callable[[], tuple[Config | None, list[Problem]]]
Change = Callable[[str, str, str], None]

CONFIG = "config.toml"

BROKEN = {
    "broken TOML": (
        ('name = "Ann & Ben"', 'name = "Ann & Ben'),
        (3, 18, "a text is not closed"),
        "Add the missing quotation mark.",
    ),
    "an unknown field": (
        ("audience", 'laguage = "en"\naudience'),
        (6, 1, "unknown setting “laguage”"),
        "Did you mean “language”?",
    ),
    "an unknown table": (
        ("[[channel]]", "[[chanel]]"),
        (21, 1, "unknown setting “chanel”"),
        "Did you mean “channel”?",
    ),
    "a wrong type": (
        ("[plan]", '[plan]\nper_week = "two"'),
        (9, 1, "“per_week” must be a whole number"),
        "Most occasions in any one week, Monday to Sunday.",
    ),
    "a missing field": (
        ('audience = "US-CO"\n', ""),
        (1, 1, "“audience” is missing"),
        "Add it: Country, or country and state, of those who read the posts, such as US-CO; "
        "the guard's rules, the days and the crisis line follow from it.",
    ),
    "a time zone that does not exist": (
        ("America/Denver", "America/Denvr"),
        (5, 1, "“timezone”: there is no such time zone"),
        "Did you mean “America/Denver”?",
    ),
    "a time that is none": (
        ("[plan]", '[plan]\ntime = "9 am"'),
        (9, 1, '“time” must be a time of day such as "09:00"'),
        'Local time at which a post goes out, such as "09:00".',
    ),
    "a role that does not exist": (
        ('"admin"', '"amdin"'),
        (19, 22, "entry 2 of “roles” must be one of author, approver, admin"),
        "Did you mean “admin”?",
    ),
    "two people of one name": (
        ('name = "ben"', 'name = "Ann"'),
        (17, 1, "the name “Ann” stands in line 12 too"),
        "Give each its own name.",
    ),
    "a name that Redletter signs with": (
        ('name = "ben"', 'name = "Planner"'),
        (17, 1, "“name”: Redletter itself signs with this name"),
        "Choose another one.",
    ),
    "an unknown kind of channel": (
        ('kind = "file"', 'kind = "fiel"'),
        (23, 1, "there is no kind of channel “fiel”"),
        "Did you mean “file”?",
    ),
    "a channel without a kind": (
        ('kind = "file"\n', ""),
        (21, 1, "“kind” is missing"),
        "Known kinds: account, file.",
    ),
    "a ledger outside of the site": (
        ("[plan]", '[ledger]\npath = "../x.db"\n[plan]'),
        (9, 1, "“path”: this leads out of the site's folder"),
        "Name a file inside it, or an absolute path.",
    ),
    "a missing article": (
        ('["sleep"]', '[\n  "sleep",\n  "slep",\n]'),
        (11, 3, "there is no article “slep”: posts/slep/article.md is missing"),
        "Did you mean “sleep”?",
    ),
    "an article named twice": (
        ('["sleep"]', '["sleep", "sleep"]'),
        (9, 1, "“articles”: one article stands here twice"),
        "Name each once.",
    ),
    "an article's id that leads elsewhere": (
        ('["sleep"]', '["../../etc"]'),
        (9, 13, "“../../etc” cannot be an article's id"),
        "It is the name of a folder in posts/: small letters, digits and hyphens.",
    ),
}


@pytest.mark.parametrize(("broken", "place", "cure"), BROKEN.values(), ids=BROKEN)
def test_what_is_broken_in_the_config_is_told_with_its_place_and_its_cure(
    broken: tuple[str, str],
    place: tuple[int, int, str],
    cure: str,
    change: Change,
    read: Read,
) -> None:
    change(CONFIG, *broken)
    line, column, what = place
    assert read()[1] == [Problem(file=CONFIG, line=line, column=column, what=what, cure=cure)]


def test_a_site_without_a_problem_is_read_whole(read: Read) -> None:
    config, problems = read()
    assert problems == []
    assert config
    assert [one.name for one in config.people] == ["ann", "ben"]
    assert [(one.name, one.kind, one.folder) for one in config.channels] == [
        ("blog", "file", "public")
    ]


def test_a_secret_in_clear_is_refused_and_never_shown(change: Change, read: Read) -> None:
    change(
        CONFIG, 'folder = "public"', '[[channel]]\nname="x"\nkind="account"\npassword = "hunter2!"'
    )
    change(CONFIG, 'kind = "file"', 'kind = "file"\nfolder = "public"')
    _, problems = read()
    assert [(one.line, one.column, one.what) for one in problems] == [
        (28, 1, "“password” must not stand here in clear")
    ]
    assert "hunter2" not in repr(problems)
    assert "env:NAME" in problems[0].cure


def test_a_missing_config_is_told(folder: Path, read: Read) -> None:
    (folder / CONFIG).unlink()
    config, problems = read()
    assert config is None
    assert [str(one) for one in problems] == [
        "config.toml: the file is missing\n    Add it, or take back its name."
    ]


def test_a_huge_config_is_refused(folder: Path, read: Read) -> None:
    (folder / CONFIG).write_text("#" * 1_000_001, encoding="utf-8")
    assert [one.what for one in read()[1]] == ["the file is larger than 1,000,000 bytes"]


def test_a_letter_that_is_not_utf8_is_told(folder: Path, read: Read) -> None:
    text = (folder / CONFIG).read_bytes()
    (folder / CONFIG).write_bytes(text.replace(b"Ann & Ben", b"Ann & Ben\xff"))
    assert [str(one) for one in read()[1]] == [
        "config.toml:3:18: this character is not UTF-8\n    Save the file as UTF-8."
    ]


def test_the_site_is_the_nearest_folder_with_a_config(folder: Path, tmp_path: Path) -> None:
    assert find_site(folder / "posts" / "sleep") == folder
    with pytest.raises(UsageError, match="redletter init"):
        find_site(tmp_path)
