"""Fault points: kill, break or stop one run of the command at a named point of its work.

    python -m scheduler.testing.faults claim.after:kill -- publish --site DIR
    python -m scheduler.testing.faults write.before:raise:2 -- publish
    python -m scheduler.testing.faults --list

A point is a function's name and `before` or `after`; the number says at which pass it acts. `kill`
is SIGKILL, `raise` an error that nobody foresaw, `stall` SIGSTOP: SIGCONT lets it go on. The points
are put around the functions when this module is run, so the installed command has none, and no
option, setting or variable can give it one.
"""

import functools
import importlib
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from operator import attrgetter
from typing import Any, NoReturn

from scheduler.channels import registry

Passing = Callable[[str], None]
"""Told the name of each point as it is passed."""

TRANSITIONS = (
    "commit",
    "claim",
    "save_step",
    "sent",
    "later",
    "absent",
    "shut_out",
    "refused",
    "unsure",
    "missed",
    "sent_back",
    "cancelled",
    "sent_anyway",
    "wait",
    "release",
    "look_again",
    "ask",
)

PLACES = {
    **{name: f"scheduler.ledger.deliveries:{name}" for name in TRANSITIONS},
    "note": "scheduler.ledger.events:note",  # inside the transaction of what it tells of
    "pause": "scheduler.ledger.pauses:pause",
    "migrate": "scheduler.ledger.db:migrate",
    "request": "scheduler.http.client:Http.request",
    "write": "scheduler.channels.disk:Folder.write",
    "write_state": "scheduler.files.state:write_state",
}
"""Where each named function stands; `send` and `find` stand in every connector."""

NAMES = (*PLACES, "send", "find")

POINTS = tuple(f"{name}.{side}" for name in NAMES for side in ("before", "after"))


class InjectedError(Exception):
    """An error that no code foresees."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What happens at the n-th pass of a point."""

    point: str
    action: str
    number: int = 1

    @classmethod
    def of(cls, text: str) -> "Fault":
        """Reads `POINT:ACTION[:N]`; raises ValueError with what is wrong about it."""
        parts = text.split(":")
        if len(parts) not in (2, 3):
            raise ValueError("it is not POINT:ACTION or POINT:ACTION:N")
        point, action, number = (*parts, "1")[:3]
        if point not in POINTS:
            raise ValueError(f"there is no point “{point}”; --list names them all")
        if action not in ACTIONS:
            raise ValueError(f"“{action}” is none of {', '.join(ACTIONS)}")
        if not number.isdecimal() or int(number) < 1:
            raise ValueError(f"“{number}” is no number of a pass: 1 is the first")
        return cls(point=point, action=action, number=int(number))

    def passing(self) -> Passing:
        """Acts once, at its pass."""
        passes = count(1)

        def passing(point: str) -> None:
            if point == self.point and next(passes) == self.number:
                ACTIONS[self.action](point)

        return passing


@contextmanager
def installed(passing: Passing) -> Iterator[None]:
    """Put every point in place, in this process and for this long.

    A module that took a function by name before this keeps it without its points.
    """
    undo: list[tuple[Any, str, Any]] = []
    try:
        for name, owner, attribute in _functions():
            function = getattr(owner, attribute)
            undo.append((owner, attribute, function))
            setattr(owner, attribute, _with_points(function, name, passing))
        yield
    finally:
        for owner, attribute, function in reversed(undo):
            setattr(owner, attribute, function)


def main(words: list[str]) -> NoReturn:
    """Run the command with one fault; leaves with the command's own exit code."""
    if words == ["--list"]:
        sys.stdout.write("\n".join(POINTS) + "\n")
        sys.exit(0)
    if len(words) < 2 or words[1] != "--":
        _refuse(str(__doc__))
    try:
        fault = Fault.of(words[0])
    except ValueError as error:
        _refuse(f"{words[0]}: {error}")
    with installed(fault.passing()):
        # Imported under the points, so that functions it takes by name have theirs.
        from scheduler.cli.main import code_of

        code = code_of(words[2:])
    sys.exit(code)


def _refuse(why: str) -> NoReturn:
    sys.stderr.write(f"{why}\n")
    sys.exit(2)


def _functions() -> Iterator[tuple[str, Any, str]]:
    for name, place in PLACES.items():
        module, _, path = place.partition(":")
        owner, _, attribute = path.rpartition(".")
        found: Any = importlib.import_module(module)
        yield name, attrgetter(owner)(found) if owner else found, attribute
    for kind in registry.kinds():
        for name in ("send", "find"):
            yield name, registry.connector(kind), name


def _with_points(function: Any, name: str, passing: Passing) -> Any:
    @functools.wraps(function)
    def passed(*args: Any, **fields: Any) -> Any:
        passing(f"{name}.before")
        result = function(*args, **fields)
        passing(f"{name}.after")
        return result

    return passed


def _kill(point: str) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _raise(point: str) -> None:
    raise InjectedError(point)


def _stall(point: str) -> None:
    os.kill(os.getpid(), signal.SIGSTOP)


ACTIONS: dict[str, Passing] = {"kill": _kill, "raise": _raise, "stall": _stall}

if __name__ == "__main__":
    main(sys.argv[1:])
