"""The wheel carries all that a site needs, and nothing else."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """What a freshly built wheel holds."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    [wheel] = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as opened:
        return set(opened.namelist())


@pytest.mark.parametrize(
    "name",
    [
        "scheduler/py.typed",
        "scheduler/channels/style.css",
        "scheduler/shipped/config.toml",
        "scheduler/shipped/calendars/un.toml",
        "scheduler/shipped/calendars/topics.toml",
        "scheduler/shipped/posts/ketamine-depression/article.md",
        "scheduler/shipped/posts/ketamine-depression/blog.j2",
        "scheduler/shipped/posts/_shared/macros.j2",
        "scheduler/ledger/migrations/0001_initial.py",
    ],
)
def test_the_wheel_has_it(names: set[str], name: str) -> None:
    assert name in names


def test_the_wheel_has_every_module_and_every_file_of_data(names: set[str]) -> None:
    wanted = {
        path.relative_to(ROOT).as_posix()
        for ending in ("py", "toml", "css")
        for path in (ROOT / "scheduler").rglob(f"*.{ending}")
    }
    assert wanted <= names


def test_the_wheel_has_the_whole_sample_site(names: set[str]) -> None:
    wanted = {
        f"scheduler/shipped/{path.relative_to(ROOT).as_posix()}"
        for home in ("calendars", "posts")
        for path in (ROOT / home).rglob("*")
        if path.suffix in {".toml", ".md", ".j2"}
    }
    assert wanted <= names


def test_the_wheel_has_nothing_else(names: set[str]) -> None:
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.startswith("redletter-")} == {"scheduler"}
    assert not [name for name in names if "test_" in name or name.endswith((".pyc", ".db"))]
