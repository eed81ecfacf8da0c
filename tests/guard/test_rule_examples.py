"""Every rule against its examples: those of the rule book, and many wordings of our own."""

import re
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from scheduler.files.rulebook import read_rules
from scheduler.guard.check import Context, check
from scheduler.guard.page import page_of
from scheduler.guard.rules import RuleData

EXAMPLES = Path(__file__).parent / "examples"
AUDIENCE = re.compile(
    r"((?:US|UK|AU|CA|NZ|IE|EU|DE|FR|NL|CH|US-CO|none|Any)(?:,(?:US|UK))?)(?: post)?: "
)
EMPTY = {"none": (), "Any": ("US",)}


def read(example: str, rule: RuleData) -> tuple[str, Context]:
    """The text of an example and the context that its first word sets."""
    places: tuple[str, ...] = ("US-CO",)
    label = AUDIENCE.match(example)
    if label:
        places = EMPTY.get(label[1], tuple(label[1].split(",")))
        example = example[label.end() :]
    tone = rule.tones[0] if rule.tones else None
    return example, Context(jurisdictions=places, tone=tone)


def cases(kind: str) -> list[object]:
    found = []
    for rule in read_rules().rules:
        own = tomllib.loads((EXAMPLES / f"{rule.id}.toml").read_text("utf-8"))[kind]
        texts = dict.fromkeys([*getattr(rule, kind), *own])
        found += [pytest.param(rule, text, id=f"{rule.id}: {text[:60]}") for text in texts]
    return found


@pytest.mark.parametrize(("rule", "example"), cases("bad"))
def test_a_bad_example_is_found_by_its_rule(rule: RuleData, example: str) -> None:
    text, context = read(example, rule)
    found = [f for f in check(text, "mastodon", context, read_rules()) if f.rule == rule.id]
    assert found
    assert all(0 <= f.start <= f.end <= len(text) for f in found)


@pytest.mark.parametrize(("rule", "example"), cases("good"))
def test_a_good_example_passes_its_rule(rule: RuleData, example: str) -> None:
    text, context = read(example, rule)
    assert rule.id not in {f.rule for f in check(text, "mastodon", context, read_rules())}


def test_every_rule_has_fifteen_examples_of_each_kind_of_its_own() -> None:
    for rule in read_rules().rules:
        own = tomllib.loads((EXAMPLES / f"{rule.id}.toml").read_text("utf-8"))
        assert min(len(own["bad"]), len(own["good"])) >= 15, rule.id
        assert len(rule.bad) == len(rule.good) == 3


def test_every_rule_says_why_and_what_to_write() -> None:
    for rule in read_rules().rules:
        assert rule.why.endswith(".")
        assert rule.suggestion


NEUTRAL = (EXAMPLES / "neutral.txt").read_text("utf-8").splitlines()


@pytest.mark.parametrize("text", NEUTRAL)
def test_a_plain_educational_post_passes_without_findings(text: str) -> None:
    assert check(text, "mastodon", Context(jurisdictions=("US-CO",)), read_rules()) == ()


def test_the_hints_only_save_time() -> None:
    """No example is read differently when every pattern is tried on it."""
    rules = read_rules()
    patient = replace(
        rules, signals={name: replace(one, hints=()) for name, one in rules.signals.items()}
    )
    for case in EXAMPLES.glob("*.toml"):
        texts = tomllib.loads(case.read_text("utf-8"))
        for text in [*texts["bad"][::3], *texts["good"][::3]]:
            quick, slow = (page_of(text, ("US",), one) for one in (rules, patient))
            assert [quick.hits(name) for name in rules.signals] == [
                slow.hits(name) for name in rules.signals
            ], text
