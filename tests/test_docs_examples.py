"""The examples of the docs work as they stand."""

import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import tomlkit

from scheduler.article import parse_article
from scheduler.channels import registry
from scheduler.drafting.context import NAMES
from scheduler.errors import ContentError
from scheduler.files.calendars import read_days
from scheduler.files.config import read_config
from scheduler.sandbox import Sandbox

ROOT = Path(__file__).parents[1]
COMMANDS = Path(sys.executable).parent
SHOWN_UNTIL = "2027-12-31"


def blocks(file: str, language: str, heading: str = "") -> list[str]:
    """The fenced blocks of a language, of the whole page or of one section."""
    text = (ROOT / file).read_text(encoding="utf-8")
    if heading:
        text = text.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    found = re.findall(rf"^( *)```{language}\n(.*?)^ *```", text, re.DOTALL | re.MULTILINE)
    return [re.sub(rf"^{indent}", "", body, flags=re.MULTILINE) for indent, body in found]


def shell(lines: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """Run what a reader would type, with an editor that changes nothing and a nearer last day."""
    until = datetime.now(UTC).date() + timedelta(days=200)
    script = "\n".join(lines).replace(SHOWN_UNTIL, until.isoformat())
    path = f"{COMMANDS}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "-eu", "-o", "pipefail", "-c", script],
        cwd=folder,
        env={**os.environ, "PATH": path, "EDITOR": "true", "VISUAL": "true"},
        capture_output=True,
        text=True,
        check=False,
    )


def document(folder: Path, *words: str) -> list[dict[str, object]]:
    command = [str(COMMANDS / "redletter"), *words, "--json"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    assert found.pop("version") == 1
    [(_, rows)] = found.items()
    rows_of: list[dict[str, object]] = rows
    return rows_of


@pytest.fixture(scope="module")
def readme_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site that the README's first campaign leaves behind."""
    folder = tmp_path_factory.mktemp("readme")
    done = shell(blocks("README.md", "sh", "A first campaign in five minutes"), folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "clinic"


def test_the_campaign_of_the_readme_ends_with_a_post_that_is_out(readme_site: Path) -> None:
    [delivery] = document(readme_site, "log")
    if delivery["day"] != "open-week":
        pytest.skip("today is a solemn day, or a better one: see the README")
    assert delivery["state"] == "sent"
    assert (readme_site / str(delivery["url"])).is_file()
    assert (readme_site / "public" / "index.html").is_file()


@pytest.mark.parametrize(
    ("words", "heading"),
    [
        (["review"], "`drafts`, of `plan` and `review`; and `next`, of `next`"),
        (["next", "--days", "366"], "`drafts`, of `plan` and `review`; and `next`, of `next`"),
        (["log"], "`deliveries`, of `log`"),
    ],
    ids=lambda value: str(value[0]),
)
def test_the_json_has_the_fields_that_the_reference_names(
    readme_site: Path, words: list[str], heading: str
) -> None:
    text = (ROOT / "docs/reference/commands.md").read_text(encoding="utf-8")
    part = text.split(f"### {heading}\n")[1].split("\n#")[0]
    described = re.findall(r"^\| `(\w+)` \|", part, re.MULTILINE)
    for row in document(readme_site, *words):
        assert set(described) == set(row)


def test_the_tutorial_runs_from_end_to_end(tmp_path: Path) -> None:
    done = shell(blocks("docs/tutorial.md", "sh"), tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "CLM-CURE" in done.stderr
    assert "per_weak" in done.stderr
    states = {delivery["state"] for delivery in document(tmp_path / "clinic", "log")}
    assert {"scheduled", "cancelled"} <= states <= {"scheduled", "cancelled", "sent"}


@pytest.mark.parametrize("file", ["README.md", "docs/how-to/own-days.md"])
def test_own_days_of_the_docs_are_understood(tmp_path: Path, file: str) -> None:
    examples = [block for block in blocks(file, "toml") if "[[day]]" in block]
    assert examples
    for number, example in enumerate(examples):
        own = tmp_path / str(number) / "calendars" / "own.toml"
        own.parent.mkdir(parents=True)
        own.write_text('[calendar]\nid = "own"\ntitle = "Ours"\n\n' + example, encoding="utf-8")
        assert read_days(tmp_path / str(number))[1] == []


@pytest.mark.parametrize(
    "file",
    [
        "README.md",
        "docs/how-to/wordpress.md",
        "docs/reference/channels/file.md",
        "docs/reference/channels/wordpress.md",
    ],
)
def test_channels_of_the_docs_are_understood(readme_site: Path, file: str, tmp_path: Path) -> None:
    examples = [block for block in blocks(file, "toml") if "[[channel]]" in block]
    assert examples
    config = tomlkit.parse((readme_site / "config.toml").read_text(encoding="utf-8"))
    del config["channel"]
    text = tomlkit.dumps(config) + "\n" + "\n".join(examples)
    (tmp_path / "config.toml").write_text(text, encoding="utf-8")
    read, problems = read_config(tmp_path, registry.settings_of, registry.kinds())
    assert problems == []
    assert read
    assert len(read.channels) == len(examples)


def test_the_example_of_an_article_is_one() -> None:
    first, statements, reviewer = blocks("docs/how-to/write-an-article.md", "toml")
    article = parse_article("sleep", first, "article.md")
    assert [point.id for point in article.points] == ["keep-a-rhythm"]
    named = first.replace("names_treatment = false", "names_treatment = true")
    with pytest.raises(ContentError):
        parse_article("sleep", named, "article.md")
    whole = named.replace("[[point]]", f"{statements}\n{reviewer}\n[[point]]")
    assert parse_article("sleep", whole, "article.md").reviewer


def test_the_example_of_a_template_is_one() -> None:
    [example] = blocks("docs/how-to/write-a-template.md", "jinja")
    macros = (ROOT / "posts/_shared/macros.j2").read_text(encoding="utf-8")
    with Sandbox({"sleep/short.j2": example, "_shared/macros.j2": macros}) as sandbox:
        assert sandbox.problems(NAMES) == []
