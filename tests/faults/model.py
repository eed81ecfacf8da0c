"""One delivery, two workers and an unkind world, small enough to look at every case there is.

The workers follow the law of delivery: take the lock, commit the intent, send, settle; after a
doubt wait, look twice, and only then send again. The world may kill a worker at any moment, hold it
up for any time, lose a request or its reply, carry a request out late, and show an old picture to
one look. `Law` leaves out one rule at a time, to see whether it is needed.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace

SENDS, CRASHES, WORKERS = 3, 2, (0, 1)
NOBODY = -1

Move = tuple[str, "World"]


@dataclass(frozen=True, kw_only=True)
class Law:
    lock: bool = True  # else a lease, which runs out while its holder is held up
    intent: bool = True  # else the row is written only after the answer
    settle: bool = True  # else it is looked for at once
    two_reads: bool = True  # else one look that finds nothing is enough


@dataclass(frozen=True, slots=True)
class Worker:
    """`attempt` is the one it claimed: it settles no other."""

    doing: str = "nothing"  # nothing, at work, about to send, waiting, answered, turned away
    attempt: int = 0


@dataclass(frozen=True, slots=True)
class World:
    row: str = "scheduled"  # scheduled, sending, unsure, sent
    attempts: int = 0
    workers: tuple[Worker, Worker] = (Worker(), Worker())
    holder: int = NOBODY  # who has the sender lock
    under_way: tuple[tuple[int, int], ...] = ()  # requests (worker, attempt) not yet carried out
    copies: int = 0
    settled: bool = False  # the settle time of this doubt is over
    absent: int = 0  # looks of this doubt that found nothing
    misled: bool = False  # the service has shown an old picture in this doubt
    sends: int = 0
    crashes: int = 0

    def with_worker(self, number: int, worker: Worker, **changes: object) -> "World":
        workers = tuple(worker if one == number else self.workers[one] for one in WORKERS)
        return replace(self, workers=workers, **changes)


def moves(world: World, law: Law) -> Iterator[Move]:
    """Everything that may happen next, with a name for it."""
    for number in WORKERS:
        yield from _steps(world, number, law)
        if world.workers[number].doing != "nothing" and world.crashes < CRASHES:
            yield f"worker {number} is killed", _gone(world, number, crashes=world.crashes + 1)
    yield from _service(world)
    if world.row == "unsure" and not world.settled and not world.under_way:
        yield "the settle time is over", replace(world, settled=True)


def _steps(world: World, number: int, law: Law) -> Iterator[Move]:
    """What a living worker does next; that it is held up is that another moves first."""
    me = world.workers[number]
    at_work = Worker("at work")
    match me.doing:
        case "nothing" if not law.lock or world.holder == NOBODY:
            holder = number if law.lock else NOBODY
            yield f"worker {number} begins", world.with_worker(number, at_work, holder=holder)
        case "at work":
            yield from _looking(world, number, law)
            yield f"worker {number} ends", _gone(world, number)
        case "about to send":
            request = (number, me.attempt)
            yield (
                f"worker {number} sends",
                world.with_worker(
                    number,
                    replace(me, doing="waiting"),
                    sends=world.sends + 1,
                    under_way=(*world.under_way, request),
                ),
            )
        case "waiting":
            yield f"worker {number} waits no longer", _settled(world, number, "unsure", law)
        case "answered":
            yield f"worker {number} notes the receipt", _settled(world, number, "sent", law)
        case "turned away":
            yield f"worker {number} will try again", _settled(world, number, "scheduled", law)


def _looking(world: World, number: int, law: Law) -> Iterator[Move]:
    """What there is to do for a worker that reads the row."""
    if world.row == "scheduled" and world.sends < SENDS:
        claimed = Worker("about to send", world.attempts + law.intent)
        if law.intent:
            world = replace(world, row="sending", attempts=world.attempts + 1)
        yield f"worker {number} claims", world.with_worker(number, claimed)
    elif world.row == "sending":  # to the lock's holder its sender is dead; to a lease's, too late
        yield f"worker {number} doubts an orphan", _doubted(world)
    elif world.row == "unsure" and (world.settled or not law.settle):
        if world.copies:
            yield f"worker {number} finds it", replace(world, row="sent")
        if not world.copies or not world.misled:
            yield f"worker {number} finds nothing", _not_found(world, law)


def _not_found(world: World, law: Law) -> World:
    absent = world.absent + 1
    again = absent >= (2 if law.two_reads else 1)
    row = "scheduled" if again else "unsure"
    return replace(world, row=row, absent=absent, misled=bool(world.copies))


def _service(world: World) -> Iterator[Move]:
    """Each request is carried out or lost, now or late, and its sender learns of it or not."""
    for request in set(world.under_way):
        number, attempt = request
        rest = list(world.under_way)
        rest.remove(request)
        done = replace(world, under_way=tuple(rest), copies=world.copies + 1)
        lost = replace(world, under_way=tuple(rest))
        yield f"the request of worker {number} is carried out, its reply lost", done
        yield f"the request of worker {number} is lost", lost
        if world.workers[number] == Worker("waiting", attempt):
            answered, refused = Worker("answered", attempt), Worker("turned away", attempt)
            yield f"worker {number} is answered", done.with_worker(number, answered)
            yield f"worker {number} is turned away", lost.with_worker(number, refused)


def _settled(world: World, number: int, row: str, law: Law) -> World:
    """Compare and set: only the attempt that was claimed is settled."""
    mine = world.row == ("sending" if law.intent else "scheduled")
    if mine and world.attempts == world.workers[number].attempt:
        world = _doubted(world) if row == "unsure" else replace(world, row=row)
    return world.with_worker(number, Worker("at work"))


def _doubted(world: World) -> World:
    return replace(world, row="unsure", settled=False, absent=0, misled=False)


def _gone(world: World, number: int, **changes: object) -> World:
    """Whatever ended it, the kernel frees its lock."""
    holder = NOBODY if world.holder == number else world.holder
    return world.with_worker(number, Worker(), holder=holder, **changes)


@dataclass(frozen=True)
class Search:
    """Every world that can come about, each with the move that first led to it."""

    reached: dict[World, tuple[str, World] | None]
    following: dict[World, list[World]]

    def story(self, world: World) -> list[str]:
        """The shortest way there."""
        told = []
        while came := self.reached[world]:
            move, world = came
            told.append(move)
        return told[::-1]

    def doubled(self) -> list[World]:
        return [world for world in self.reached if world.copies > 1]

    def can_reach(self, ends: set[World]) -> set[World]:
        """The worlds from which one of these can still come about."""
        before: dict[World, list[World]] = {}
        for world, nexts in self.following.items():
            for after in nexts:
                before.setdefault(after, []).append(world)
        seen, waiting = set(ends), deque(ends)
        while waiting:
            fresh = [one for one in before.get(waiting.popleft(), []) if one not in seen]
            seen.update(fresh)
            waiting.extend(fresh)
        return seen


def search(law: Law) -> Search:
    """Breadth first, over all worlds."""
    start = World()
    reached: dict[World, tuple[str, World] | None] = {start: None}
    following: dict[World, list[World]] = {}
    waiting = deque([start])
    while waiting:
        world = waiting.popleft()
        following[world] = []
        for move, after in moves(world, law):
            following[world].append(after)
            if after not in reached:
                reached[after] = (move, world)
                waiting.append(after)
    return Search(reached, following)
