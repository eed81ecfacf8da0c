"""How close topics are, and what is wrong with a vocabulary."""

import pytest

from scheduler.matching.topics import FAR, ONE_STEP, SAME, Topics, TopicsFile
from scheduler.places import read_toml, validated

TOML = """
[[topic]]
id = "health"
name = "Health"

[[topic]]
id = "mental-health"
name = "Mental health"
broader = ["health"]

[[topic]]
id = "depression"
name = "Depression"
synonyms = ["MDD", "low mood"]
broader = ["mental-health"]
related = ["sleep"]

[[topic]]
id = "sleep"
name = "Sleep"
broader = ["health"]

[[topic]]
id = "sport"
name = "Sport"
"""


def vocabulary(toml: str = TOML) -> Topics:
    table, places = read_toml(toml, "topics.toml")
    file, problems = validated(TopicsFile, table, "topics.toml", places)
    assert file is not None, problems
    return Topics(file)


@pytest.mark.parametrize(
    ("one", "other", "kinship"),
    [
        ("depression", "depression", SAME),
        ("depression", "mdd", SAME),
        ("Low mood", "Depression", SAME),
        ("depression", "mental-health", ONE_STEP),
        ("depression", "health", FAR),
        ("depression", "sleep", FAR),
        ("mental-health", "sleep", 0),
        ("depression", "sport", 0),
        ("depression", "unheard-of", 0),
        ("unheard-of", "unheard-of", SAME),
    ],
)
def test_kinship_is_the_same_from_both_sides(one: str, other: str, kinship: float) -> None:
    topics = vocabulary()

    assert topics.kinship(one, other) == topics.kinship(other, one) == kinship


def test_closer_topics_are_closer() -> None:
    assert SAME > ONE_STEP > FAR > 0


def test_a_sound_vocabulary_has_no_problems() -> None:
    assert vocabulary().problems("topics.toml", read_toml(TOML, "topics.toml")[1]) == []


def test_every_strange_id_is_named_with_its_place() -> None:
    toml = (
        TOML
        + """
[[topic]]
id = "sport"
name = "Sports"
broader = ["helth", "sport"]
related = ["chess"]
"""
    )
    places = read_toml(toml, "topics.toml")[1]

    found = [str(problem) for problem in vocabulary(toml).problems("topics.toml", places)]

    assert len(found) == 4
    assert found[0].startswith('topics.toml:28:1: the topic "sport" stands here twice')
    assert found[1].startswith('topics.toml:30:12: there is no topic "helth"')
    assert "Did you mean “health”?" in found[1]
    assert "names itself" in found[2]
    assert found[3].startswith('topics.toml:31:12: there is no topic "chess"')
