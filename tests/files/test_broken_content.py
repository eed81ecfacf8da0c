"""Whatever is wrong in calendars, articles and templates is told with its place and cure."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from scheduler.errors import ContentError, Problem
from scheduler.files.articles import read_templates
from scheduler.files.config import Config

Read = Callable[[], tuple[Config | None, list[Problem]]]
Change = Callable[[str, str, str], None]

CONFIG = "config.toml"
OWN = "calendars/own.toml"
ARTICLE = "posts/sleep/article.md"

BROKEN = {
    "two own days with one id": (
        (
            OWN,
            "[[day]]",
            '[[day]]\nid = "open-house"\nname = "x"\nwhen = "May"\ntopics = ["stress"]\n[[day]]',
        ),
        (11, 1, "the id “open-house” is that of the day in calendars/own.toml:6 too"),
        "Give each day its own id.",
    ),
    "a rule that is not understood": (
        (OWN, "last Saturday of April", "last Saturday of Aprl"),
        (
            8,
            26,
            '“when”: "Aprl" is not understood here: expected a month such as "October"; '
            'did you mean "April"?',
        ),
        'The rule in words, such as "10 October" (see "when" in the docs).',
    ),
    "an unknown topic": (
        (OWN, '["stress"]', '["health-literacy", "stres"]'),
        (9, 30, "there is no topic “stres”"),
        "Did you mean “stress”?",
    ),
    "a shipped day moved": (
        (OWN, "[[day]]", '[[day]]\nid = "world-mental-health-day"\nwhen = "May"\n[[day]]'),
        (7, 1, "“when” of a shipped day cannot be changed"),
        "Only these can: name, regions, topics, tone, quiet, followed, muted. "
        "Or give the day an id of your own.",
    ),
    "a shipped day misspelt": (
        (OWN, "[[day]]", '[[day]]\nid = "world-mental-heath-day"\nmuted = true\n[[day]]'),
        (6, 1, "there is no shipped day “world-mental-heath-day”"),
        "Did you mean “world-mental-health-day”? A day of your own needs name, when and topics.",
    ),
    "a shipped day with a wrong field": (
        (OWN, "[[day]]", '[[day]]\nid = "world-mental-health-day"\nmute = true\n[[day]]'),
        (7, 1, "unknown setting “mute”"),
        "Did you mean “muted”?",
    ),
    "a calendar that nobody reads": (
        ("calendars/mine.toml", "", "x"),
        (0, 0, "this file is not read"),
        "Move its days to calendars/own.toml.",
    ),
    "an article about an unknown topic": (
        (ARTICLE, '["stress"]', '["stresss"]'),
        (5, 11, "there is no topic “stresss”"),
        "Did you mean “stress”?",
    ),
}


@pytest.mark.parametrize(("broken", "place", "cure"), BROKEN.values(), ids=BROKEN)
def test_what_is_broken_in_the_content_is_told_with_its_place_and_its_cure(
    broken: tuple[str, str, str],
    place: tuple[int, int, str],
    cure: str,
    change: Change,
    read: Read,
) -> None:
    change(*broken)
    line, column, what = place
    assert read()[1] == [Problem(file=broken[0], line=line, column=column, what=what, cure=cure)]


def test_all_problems_of_all_files_are_told_at_once(change: Change, read: Read) -> None:
    change(CONFIG, "America/Denver", "America/Denvr")
    change(CONFIG, 'kind = "file"', 'kind = "fiel"')
    change(OWN, "last Saturday", "lst Saturday")
    change(ARTICLE, 'kind = "fact"', 'kind = "fcat"')
    _, problems = read()
    assert [(one.file, one.line) for one in problems] == [
        (OWN, 8),
        (CONFIG, 5),
        (CONFIG, 23),
        (ARTICLE, 12),
    ]


@pytest.mark.parametrize("link", ["posts/sleep/article.md", "calendars/own.toml", "config.toml"])
def test_a_link_out_of_the_site_is_not_followed(
    link: str, folder: Path, tmp_path: Path, read: Read
) -> None:
    outside = tmp_path / "outside"
    outside.write_text((folder / link).read_text(encoding="utf-8"), encoding="utf-8")
    (folder / link).unlink()
    (folder / link).symlink_to(outside)
    assert [(one.file, one.what) for one in read()[1]] == [
        (link, "this leads out of the site's folder")
    ]


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir])
def test_a_pipe_or_a_folder_is_no_file(
    make: Callable[[Path], None], folder: Path, read: Read
) -> None:
    (folder / OWN).unlink()
    make(folder / OWN)
    assert [(one.file, one.what) for one in read()[1]] == [(OWN, "this is no file")]


def test_marks_and_line_ends_of_windows_change_nothing(folder: Path, read: Read) -> None:
    for name in (CONFIG, OWN, ARTICLE):
        text = (folder / name).read_text(encoding="utf-8").replace("\n", "\r\n")
        (folder / name).write_bytes(b"\xef\xbb\xbf" + text.encode())
    config, problems = read()
    assert config
    assert problems == []


def test_templates_are_named_by_their_path_and_stay_inside(folder: Path, tmp_path: Path) -> None:
    assert read_templates(folder, ["sleep"]) == {
        "_shared/macros.j2": "",
        "sleep/short.j2": "{{ day.name }}",
    }
    (tmp_path / "outside").write_text("x", encoding="utf-8")
    (folder / "posts/sleep/long.j2").symlink_to(tmp_path / "outside")
    (folder / "posts/sleep/Short Form.j2").write_text("x", encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        read_templates(folder, ["sleep"])
    assert [(one.file, one.what) for one in caught.value.problems] == [
        (
            "posts/sleep/Short Form.j2",
            "a template's name may hold small letters, digits, - and _ only",
        ),
        ("posts/sleep/long.j2", "this leads out of the site's folder"),
    ]
