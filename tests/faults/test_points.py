"""Every transition has its fault points, and no process has one that did not ask for it."""

import ast
import inspect
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import scheduler
from scheduler.ledger import deliveries
from scheduler.testing import faults
from scheduler.testing.faults import POINTS, Fault, InjectedError, installed

WRITES = {"update", "create", "save", "delete", "bulk_create", "get_or_create", "update_or_create"}


def calls(function: ast.FunctionDef) -> set[str]:
    """What a function calls, by the last part of its name."""
    called = [node.func for node in ast.walk(function) if isinstance(node, ast.Call)]
    names = [getattr(one, "attr", getattr(one, "id", "")) for one in called]
    return set(names)


def transitions() -> set[str]:
    """The public functions of deliveries.py that write, by themselves or through others."""
    tree = ast.parse(inspect.getsource(deliveries))
    functions = {node.name: calls(node) for node in tree.body if isinstance(node, ast.FunctionDef)}
    writing: set[str] = set()
    while more := {name for name, called in functions.items() if called & (WRITES | writing)}:
        if more == writing:
            break
        writing = more
    return {name for name in writing if not name.startswith("_")}


def test_every_transition_has_its_points():
    found = transitions()
    assert {"commit", "claim", "sent", "unsure"} <= found
    for name in found:
        assert {f"{name}.before", f"{name}.after"} <= set(POINTS), (
            f"{name}: add it to TRANSITIONS in scheduler/testing/faults.py"
        )


def test_every_named_transition_is_one():
    assert set(faults.TRANSITIONS) == transitions()


def standing() -> list[object]:
    """The functions as they stand now."""
    return [getattr(owner, attribute) for _, owner, attribute in faults._functions()]


def test_every_named_function_gets_its_points():
    with installed(lambda point: None):
        assert all(hasattr(function, "__wrapped__") for function in standing())
    assert {name for name, _, _ in faults._functions()} == set(faults.NAMES)


def test_points_go_when_they_are_no_longer_wanted():
    before = standing()
    with pytest.raises(InjectedError), installed(Fault.of("claim.before:raise").passing()):
        deliveries.claim(1, None, "")
    assert standing() == before


def test_a_fault_acts_once_at_its_pass():
    passing = Fault.of("sent.after:raise:3").passing()
    for point in ["sent.after", "sent.before", "sent.after"]:
        passing(point)
    with pytest.raises(InjectedError, match=r"sent\.after"):
        passing("sent.after")
    passing("sent.after")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("claim.after", "POINT:ACTION"),
        ("claim.after:kill:1:2", "POINT:ACTION"),
        ("clam.after:kill", "no point “clam.after”"),
        ("claim:kill", "no point “claim”"),
        ("claim.after:explode", "“explode” is none of kill, raise, stall"),
        ("claim.after:kill:0", "“0” is no number"),
        ("claim.after:kill:x", "“x” is no number"),
        ("claim.after:kill:", "“” is no number"),
    ],
)
def test_a_fault_that_is_none_is_told(text, words):
    with pytest.raises(ValueError, match=words.replace(".", r"\.")):
        Fault.of(text)


def run(*words: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "scheduler.testing.faults", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_points_are_listed():
    assert run("--list").stdout.split() == list(POINTS)


@pytest.mark.parametrize("words", [[], ["claim.after:kill"], ["nowhere:kill", "--", "log"]])
def test_what_it_does_not_understand_it_does_not_run(words):
    done = run(*words)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr


def test_no_part_of_the_product_knows_of_the_points():
    """No import, and not even the name: nothing that is installed can turn one on."""
    root = Path(scheduler.__file__).parent
    for path in root.rglob("*.py"):
        if path.parent.name != "testing":
            text = path.read_text(encoding="utf-8")
            assert "scheduler.testing" not in text, path
            assert "fault_point" not in text, path


def test_no_setting_or_variable_is_asked_for_a_fault():
    tree = ast.parse(inspect.getsource(faults))
    names = {getattr(node, "attr", getattr(node, "id", "")) for node in ast.walk(tree)}
    assert not names & {"environ", "getenv", "read_config", "open", "read_text"}


def said(script: str) -> str:
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_to_import_the_points_puts_none_in_place():
    wrapped = said(
        "import scheduler.testing.faults as f; "
        "print(any(hasattr(getattr(o, a), '__wrapped__') for _, o, a in f._functions()))"
    )
    assert wrapped == "False"


def test_the_whole_command_can_be_loaded_without_them():
    names = [
        module.name
        for module in pkgutil.walk_packages(scheduler.__path__, "scheduler.")
        if not module.name.startswith("scheduler.testing")
    ]
    assert "scheduler.cli.tick" in names
    loaded = said(
        f"import importlib, sys\nfor name in {names}: importlib.import_module(name)\n"
        "print([name for name in sys.modules if name.startswith('scheduler.testing')])"
    )
    assert loaded == "[]"
