"""Which kinds of channel there are: entry points of the group `redletter.channels`."""

from collections.abc import Mapping
from importlib.metadata import EntryPoint, entry_points

from scheduler.channels.base import ChannelSettings, Connector
from scheduler.errors import UsageError
from scheduler.places import did_you_mean

GROUP = "redletter.channels"
OURS = "redletter"


def kinds() -> list[str]:
    """The names of all kinds, sorted; imports none of their connectors."""
    return sorted(_doors())


def connector(kind: str) -> type[Connector]:
    """The connector of a kind, imported now; raises UsageError for a kind that nobody offers."""
    doors = _doors()
    if kind not in doors:
        known = f"Kinds: {', '.join(kinds())}."
        hint = " ".join(filter(None, [did_you_mean(kind, doors), known]))
        raise UsageError(f"There is no kind of channel “{kind}”. {hint}")
    try:
        found = doors[kind].load()
    except (ImportError, AttributeError, SyntaxError) as error:
        raise UsageError(
            f"The connector for “{kind}” ({doors[kind].value}) cannot be loaded: {error}. "
            "Install its package again, or remove the channel."
        ) from error
    if not (isinstance(found, type) and issubclass(found, Connector)):
        raise UsageError(f"{doors[kind].value}, offered as the kind “{kind}”, is no Connector.")
    return found


def settings_of(kind: str) -> type[ChannelSettings]:
    """What a `[[channel]]` of this kind may say; raises as `connector` does."""
    return connector(kind).Settings


def _doors() -> Mapping[str, EntryPoint]:
    # Ours come last and so win: no other package can take a kind, and its passwords, over.
    found = sorted(entry_points(group=GROUP), key=_is_ours)
    return {door.name: door for door in found}


def _is_ours(door: EntryPoint) -> bool:
    return door.dist is not None and door.dist.name == OURS
