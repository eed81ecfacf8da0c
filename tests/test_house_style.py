"""Rules of the house that no linter knows."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CODE = sorted(
    path
    for home in ("scheduler", "tests", "scripts", "benchmarks")
    for path in (ROOT / home).rglob("*.py")
    if "migrations" not in path.parts
)
LONGEST = 300
LONGEST_FUNCTION = 40
CLOCKS = re.compile(r"\b(?:datetime\.(?:now|utcnow|today)|date\.today|time\.(?:time|sleep))\(")
ENTRY_POINTS = ("scheduler/cli/", "scripts/", "tests/", "benchmarks/")


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_every_file_is_short_enough_to_read() -> None:
    lengths = {name(path): len(path.read_text("utf-8").splitlines()) for path in CODE}
    assert {file: lines for file, lines in lengths.items() if lines > LONGEST} == {}


def test_every_function_is_short_enough_to_read() -> None:
    lengths = {
        f"{name(path)}:{one.name}": (one.end_lineno or 0) - one.lineno + 1
        for path in CODE
        for one in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(one, ast.FunctionDef)
    }
    assert {where: lines for where, lines in lengths.items() if lines > LONGEST_FUNCTION} == {}


def test_only_entry_points_read_the_clock() -> None:
    readers = [
        name(path)
        for path in CODE
        if not name(path).startswith(ENTRY_POINTS) and CLOCKS.search(path.read_text("utf-8"))
    ]
    assert readers == []


def test_a_broad_except_stands_in_the_two_loops_only_and_logs() -> None:
    texts = {name(path): path.read_text("utf-8") for path in CODE}
    broad = re.compile(r"except Exception.*\n\s+(.*)")
    found = {
        file: broad.findall(text)
        for file, text in texts.items()
        if file.startswith("scheduler/") and broad.search(text)
    }
    assert set(found) <= {"scheduler/actions/deliver.py", "scheduler/actions/reconcile.py"}
    assert all(line.startswith("log.exception(") for lines in found.values() for line in lines)


def test_no_tests_folder_is_a_package() -> None:
    assert [
        name(path) for path in CODE if name(path).startswith("tests/") and path.stem == "__init__"
    ] == []


def test_nothing_names_the_place_where_it_was_written() -> None:
    """Neither this checkout's own folder nor the home of whoever works here."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        pytest.skip("this is no git checkout")
    places = [str(ROOT) + "/", str(Path.home()) + "/."]
    found = [
        file
        for file in listed.stdout.split("\0")
        if file and (ROOT / file).is_file()
        if any(place in (ROOT / file).read_text("utf-8", "replace") for place in places)
    ]
    assert found == []
