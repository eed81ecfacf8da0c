"""The law of delivery in every case of a small world: none doubles, and every rule is needed."""

import pytest
from faults.model import CRASHES, SENDS, Law, Search, World, search


@pytest.fixture(scope="module")
def lawful() -> Search:
    return search(Law())


def test_no_case_publishes_twice(lawful):
    assert [lawful.story(world) for world in lawful.doubled()] == []


def test_what_is_said_to_be_sent_is_out(lawful):
    assert all(world.copies == 1 for world in lawful.reached if world.row == "sent")


def test_no_byte_leaves_without_a_committed_intent(lawful):
    for world in lawful.reached:
        assert world.sends <= world.attempts


def test_nothing_is_lost(lawful):
    """From every case it can still end: out, or proven absent with its attempts spent."""
    ends = {world for world in lawful.reached if ended(world)}
    assert lawful.can_reach(ends) == set(lawful.reached)


def ended(world: World) -> bool:
    absent = world.row == "scheduled" and world.sends == SENDS and not world.copies
    return world.row == "sent" or absent


def test_the_world_was_unkind(lawful):
    """Were it not, the proof would be empty."""
    met = list(lawful.reached)
    assert any(world.sends == SENDS and world.crashes == CRASHES for world in met)
    assert any(world.row == "unsure" and world.copies and world.misled for world in met)
    assert any(world.row == "unsure" and world.under_way for world in met)
    assert any(world.row == "sent" and world.sends == SENDS for world in met)
    assert any(world.copies and world.row == "sending" and world.holder == -1 for world in met)
    assert len(met) > 1_000


@pytest.mark.parametrize(
    ("law", "turn"),
    [
        (Law(lock=False), "doubts an orphan"),
        (Law(intent=False), "is killed"),
        (Law(settle=False), "finds nothing"),
        (Law(two_reads=False), "finds nothing"),
    ],
    ids=["lock", "intent", "settle", "two reads"],
)
def test_without_one_of_the_four_rules_it_is_published_twice(law, turn):
    found = search(law)
    doubled = found.doubled()
    assert doubled
    shortest = min((found.story(world) for world in doubled), key=len)
    assert any(turn in move for move in shortest), shortest
