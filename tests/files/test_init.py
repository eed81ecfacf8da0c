"""A new site works at once, and making one loses nothing."""

import json
import tomllib
from pathlib import Path

import pytest

from scheduler.channels.base import ChannelSettings
from scheduler.errors import UsageError
from scheduler.files.articles import read_articles, read_templates
from scheduler.files.calendars import read_days
from scheduler.files.config import read_config
from scheduler.files.init import make_site


class FolderSettings(ChannelSettings):
    folder: str
    format: str
    title: str


KINDS = {"file": FolderSettings}


def test_a_new_site_has_no_problem(tmp_path: Path) -> None:
    folder = tmp_path / "My Clinic"
    make_site(folder, KINDS, name="Ann's", timezone="Europe/Berlin", url="https://ann.example/")
    config, problems = read_config(folder, KINDS.__getitem__, list(KINDS))
    assert problems == []
    assert config
    assert (config.site.id, config.site.name) == ("my-clinic", "Ann's")
    assert (config.site.timezone, config.site.audience) == ("Europe/Berlin", "US-CO")
    assert [(one.name, *one.roles) for one in config.people] == [
        ("author", "author"),
        ("approver", "approver"),
    ]
    (channel,) = config.channels
    assert channel.model_dump(include={"name", "kind", "folder", "format", "title"}) == {
        "name": "blog",
        "title": "Ann's",
        "kind": "file",
        "folder": "public",
        "format": "blog",
    }
    articles, problems = read_articles(folder, config.plan.articles)
    assert problems == []
    assert articles[0].url.startswith("https://ann.example/")
    assert read_templates(folder, [article.id for article in articles])


def test_a_new_site_has_no_days_of_the_sample_clinic(tmp_path: Path) -> None:
    make_site(tmp_path / "site", KINDS)
    days, problems = read_days(tmp_path / "site")
    assert problems == []
    assert days
    assert not [day for day in days if day.calendar == "own"]
    text = (tmp_path / "site" / "calendars" / "own.toml").read_text(encoding="utf-8")
    assert '# id = "health-talk-evening"' in text


def test_the_schemas_stand_where_the_files_name_them(tmp_path: Path) -> None:
    make_site(tmp_path, KINDS)
    for path in tmp_path.rglob("*.toml"):
        first = path.read_text(encoding="utf-8").splitlines()[0]
        assert first.startswith("#:schema ")
        schema = json.loads((path.parent / first.removeprefix("#:schema ")).read_text("utf-8"))
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        assert set(table) <= set(schema["properties"])
    channel = json.loads((tmp_path / "config.schema.json").read_text("utf-8"))["$defs"]
    assert "folder" in channel["FolderSettings"]["properties"]


def test_a_second_init_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    make_site(tmp_path, KINDS)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    with pytest.raises(UsageError, match="is a site already"):
        make_site(tmp_path, KINDS, name="Other")
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_files_that_are_there_stay(tmp_path: Path) -> None:
    (tmp_path / "posts" / "_shared").mkdir(parents=True)
    (tmp_path / "posts" / "_shared" / "macros.j2").write_text("mine", encoding="utf-8")
    (tmp_path / ".gitignore").write_text("/public/\nmine", encoding="utf-8")
    make_site(tmp_path, KINDS)
    assert (tmp_path / "posts" / "_shared" / "macros.j2").read_text(encoding="utf-8") == "mine"
    assert (tmp_path / ".gitignore").read_text(encoding="utf-8") == (
        "/public/\nmine\n/.redletter/\n/ledger.db*\n"
    )


@pytest.mark.parametrize(
    ("answers", "what"),
    [
        ({"timezone": "Denver"}, "there is no such time zone"),
        ({"audience": "Colorado"}, "“audience” is not written as it must be"),
        ({"url": "clinic.example"}, "“url” is not written as it must be"),
        ({"name": ""}, "“name” must not be empty"),
    ],
)
def test_an_answer_that_does_not_fit_writes_nothing(
    answers: dict[str, str], what: str, tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match=what):
        make_site(tmp_path / "site", KINDS, **answers)
    assert not (tmp_path / "site").exists()


@pytest.mark.parametrize(("name", "site_id"), [("…", "site"), ("A  b!", "a-b"), ("é", "site")])
def test_a_site_is_named_after_its_folder(name: str, site_id: str, tmp_path: Path) -> None:
    make_site(tmp_path / name, KINDS)
    table = tomllib.loads((tmp_path / name / "config.toml").read_text(encoding="utf-8"))
    assert table["site"]["id"] == site_id
