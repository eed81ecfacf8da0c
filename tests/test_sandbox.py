import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from scheduler.errors import RenderError
from scheduler.sandbox import Sandbox


def doubled(times: int) -> str:
    return "{% set a = 'ab' %}" + "{% set a = a ~ a %}" * times


SOURCES = {
    "a/good.j2": "{{ day.name }} – {{ keep('988') }}",
    "a/shared.j2": "{% from '_shared/macros.j2' import risk %}{{ risk('Müdigkeit 😴') }}",
    "a/misspelt.j2": "one\n{{ day.nmae }}",
    "a/endless.j2": doubled(16) + "\n{% for x in a %}{% for y in a %}{% endfor %}{% endfor %}",
    "a/greedy.j2": doubled(31),
    "a/flood.j2": doubled(24) + "{{ a }}",
    "a/recursive.j2": "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
    "a/syntax.j2": "\n{% if %}",
    "_shared/macros.j2": "{% macro risk(what) %}Risk: {{ what }}.{% endmacro %}",
}
CONTEXT = {"day": {"name": "World Mental Health Day"}}
GOOD = "World Mental Health Day – \ue000988\ue001"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(SOURCES, seconds=0.5) as sandbox:
        yield sandbox


def test_templates_render_in_the_child(sandbox: Sandbox) -> None:
    assert sandbox.render("a/good.j2", CONTEXT) == GOOD
    assert sandbox.render("a/shared.j2", CONTEXT) == "Risk: Müdigkeit 😴."


@pytest.mark.parametrize(
    ("template", "what", "line"),
    [
        ("a/misspelt.j2", "“nmae” is not there; did you mean “name”?", 2),
        ("a/endless.j2", "it runs longer than 0.5 seconds", 0),
        ("a/flood.j2", "it prints more than 1000000 characters", 0),
        ("a/recursive.j2", "it includes or calls itself without end", 1),
        ("a/syntax.j2", "Expected an expression", 2),
        ("a/none.j2", "there is no template “a/none.j2”", 0),
        pytest.param(
            "a/greedy.j2",
            "it needs more memory than a template may have",
            1,
            marks=pytest.mark.skipif(sys.platform != "linux", reason="limited on Linux only"),
        ),
    ],
)
def test_a_bad_template_costs_its_own_post_only(
    sandbox: Sandbox, template: str, what: str, line: int
) -> None:
    with pytest.raises(RenderError) as caught:
        sandbox.render(template, CONTEXT)
    assert what in caught.value.what
    assert (caught.value.template, caught.value.line) == (template, line)
    assert sandbox.render("a/good.j2", CONTEXT) == GOOD


def test_a_killed_child_is_replaced(sandbox: Sandbox) -> None:
    sandbox.render("a/good.j2", CONTEXT)
    os.kill(child_of(sandbox), signal.SIGKILL)
    with pytest.raises(RenderError, match=r"brought the render child down|child is gone"):
        sandbox.render("a/good.j2", CONTEXT)
    assert sandbox.render("a/good.j2", CONTEXT) == GOOD


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_the_child_inherits_neither_files_nor_environment(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sandbox.__exit__(None, None, None)
    monkeypatch.setenv("WORDPRESS_PASSWORD", "canary")
    with (tmp_path / "ledger.db").open("w") as ledger:
        os.set_inheritable(ledger.fileno(), True)
        sandbox.render("a/good.j2", CONTEXT)
    child = Path("/proc") / str(child_of(sandbox))
    assert sorted(link.name for link in (child / "fd").iterdir()) == ["0", "1", "2"]
    assert b"canary" not in (child / "environ").read_bytes()


def test_the_child_ends_with_the_block() -> None:
    with Sandbox(SOURCES) as sandbox:
        sandbox.render("a/good.j2", CONTEXT)
        child = child_of(sandbox)
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


def test_an_unused_sandbox_starts_nothing() -> None:
    with Sandbox(SOURCES) as sandbox:
        assert sandbox._child is None


def test_large_contexts_and_texts_pass(sandbox: Sandbox) -> None:
    name = "é" * 400_000
    assert len(sandbox.render("a/good.j2", {"day": {"name": name}})) > 400_000


def test_problems_are_found_in_the_child() -> None:
    sources = {
        "a/one.j2": "\n{{ dya }}",
        "a/two.j2": "{{ 'aaaaaaaa'|replace('a', 'aaaaaaaa')"
        + "|replace('a', 'aaaaaaaa')" * 12
        + " }}",
        "a/three.j2": "{{ day }}",
    }
    with Sandbox(sources, seconds=1) as sandbox:
        one, two = sandbox.problems(["day"])
    assert str(one) == "posts/a/one.j2:2:4: there is no “dya” here\n    did you mean “day”?"
    assert two.file == "posts/a/two.j2"


def child_of(sandbox: Sandbox) -> int:
    assert sandbox._child is not None
    return sandbox._child.pid
