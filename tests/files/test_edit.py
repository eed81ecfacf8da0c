"""Writing back keeps what people wrote, and loses nothing when it cannot be done."""

import os
import stat
import tomllib
from datetime import date
from pathlib import Path

import pytest
import tomlkit
from hypothesis import given
from hypothesis import strategies as st

from scheduler.errors import ContentError, Temporary, UsageError
from scheduler.files import edit as editing
from scheduler.files.edit import confirm_crisis, edit

PAGE = "https://988lifeline.org"
DAY = date(2027, 1, 2)


def crisis_of(folder: Path) -> list[dict[str, object]]:
    found: list[dict[str, object]] = tomllib.loads((folder / "config.toml").read_text("utf-8"))[
        "crisis"
    ]
    return found


def test_a_confirmation_is_added_and_the_rest_stays_byte_for_byte(folder: Path) -> None:
    before = (folder / "config.toml").read_bytes()
    confirm_crisis(folder, "US", "ann", PAGE, DAY)
    after = (folder / "config.toml").read_bytes()
    assert after.startswith(before)
    assert crisis_of(folder) == [{"country": "US", "by": "ann", "source": PAGE, "checked": DAY}]


@pytest.mark.parametrize(
    "text",
    [
        '# top\n[[crisis]] # ours\ncountry = "US" # here\nby = "ben"\n\n[site] # site\nid = "x"\n',
        '[[crisis]]\ncountry = "CA"\n[[crisis]]\ncountry = "US"\n[site]\nid = "x" # last',
        'crisis = [{ country = "US" }] # inline\n[site]\nid = "x"\n',
        'crisis = []\n[site]\nid = "x"\n',
        '[site]\nid = "x" # no line end',
        '\ufeff[site]\r\nid = "x" # Windows\r\n',
    ],
)
def test_a_confirmation_replaces_the_countrys_earlier_one(folder: Path, text: str) -> None:
    (folder / "config.toml").write_bytes(text.encode())
    for by in ("ann", "ben"):
        confirm_crisis(folder, "US", by, PAGE, DAY)
    after = (folder / "config.toml").read_bytes().decode()
    table = tomllib.loads(after.removeprefix("\ufeff"))
    assert [one for one in table["crisis"] if one["country"] == "US"] == [
        {"country": "US", "by": "ben", "source": PAGE, "checked": DAY}
    ]
    assert table["site"] == {"id": "x"}
    comments = [line.partition("#")[2].strip() for line in text.splitlines() if "#" in line]
    assert all(f"# {comment}" in after for comment in comments)
    assert after.startswith("\ufeff") == text.startswith("\ufeff")
    assert (after.count("\r\n") == after.count("\n")) == ("\r\n" in text)


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_words_are_written_so_that_they_are_read_back(by: str, source: str) -> None:
    document = tomlkit.parse("[site]\n")
    editing._lay(document, "crisis", "country", {"country": "US", "by": by, "source": source})
    read = tomllib.loads(tomlkit.dumps(document))
    assert read["crisis"] == [{"country": "US", "by": by, "source": source}]


@pytest.mark.parametrize(
    ("country", "by", "source"), [("us", "ann", PAGE), ("US", "", PAGE), ("US", "ann", "a page")]
)
def test_a_confirmation_that_does_not_fit_changes_nothing(
    folder: Path, country: str, by: str, source: str
) -> None:
    before = (folder / "config.toml").read_bytes()
    with pytest.raises(UsageError):
        confirm_crisis(folder, country, by, source, DAY)
    assert (folder / "config.toml").read_bytes() == before


def test_a_file_that_somebody_else_changed_meanwhile_is_left_to_them(folder: Path) -> None:
    path = folder / "config.toml"

    def change(document: tomlkit.TOMLDocument) -> None:
        path.write_text("[theirs]\n", encoding="utf-8")
        document["ours"] = 1

    with pytest.raises(Temporary, match="Somebody else"):
        edit(folder, "config.toml", change)
    assert path.read_text(encoding="utf-8") == "[theirs]\n"
    assert not list(folder.glob(".config*"))


def test_a_broken_file_is_told_and_left_as_it_is(folder: Path) -> None:
    (folder / "config.toml").write_text("broken", encoding="utf-8")
    with pytest.raises(ContentError):
        confirm_crisis(folder, "US", "ann", PAGE, DAY)
    assert (folder / "config.toml").read_text(encoding="utf-8") == "broken"


def test_the_access_rights_stay(folder: Path) -> None:
    (folder / "config.toml").chmod(0o640)
    confirm_crisis(folder, "US", "ann", PAGE, DAY)
    assert stat.S_IMODE((folder / "config.toml").stat().st_mode) == 0o640


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_loses_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = (folder / "config.toml").read_bytes()
    real = os.open

    def full(path: str | Path, flags: int, mode: int = 0o777) -> int:
        if Path(path).name.startswith(".config.toml."):
            return real("/dev/full", os.O_WRONLY)
        return real(path, flags, mode)

    monkeypatch.setattr(os, "open", full)
    with pytest.raises(Temporary, match="No space left on device"):
        confirm_crisis(folder, "US", "ann", PAGE, DAY)
    assert (folder / "config.toml").read_bytes() == before
