"""The audit trail: one hash chain a site, append-only."""

from collections.abc import Iterator
from datetime import datetime

from scheduler.ledger.models import Event
from scheduler.nouns import canonical, digest, stamp

START = "0" * 64


def note(site: str, who: str, what: str, subject: str, now: datetime, detail: str = "") -> None:
    """Append one entry; call it inside the transaction of the change it tells of."""
    last = Event.objects.filter(site=site).order_by("-pk").values_list("hash", flat=True).first()
    entry = Event(
        site=site,
        at=now.replace(microsecond=0),
        who=who,
        what=what,
        subject=subject,
        detail=detail,
        previous=last or START,
    )
    entry.hash = _hash(entry)
    entry.save(force_insert=True)


def history(site: str, subject: str = "") -> list[Event]:
    """The entries of a site, or of one draft, delivery, channel or file, oldest first."""
    entries = Event.objects.filter(site=site).order_by("pk")
    return list(entries.filter(subject=subject) if subject else entries)


def broken(site: str) -> Iterator[str]:
    """Names each entry that does not follow from the one before it.

    An entry that can no longer be read ends the search. Entries cut off at the end leave no gap.
    """
    previous, read = START, 0
    try:
        for entry in Event.objects.filter(site=site).order_by("pk").iterator():
            if entry.previous != previous or entry.hash != _hash(entry):
                where = f"{stamp(entry.at)} {entry.what} {entry.subject}"
                yield f"event {entry.pk} ({where}) was changed"
            previous, read = entry.hash, entry.pk
    except (AttributeError, TypeError, ValueError):  # no moment, or bytes where text belongs
        yield f"an event after event {read} was changed: it cannot be read"


def _hash(entry: Event) -> str:
    return digest(
        canonical(
            [
                entry.previous,
                entry.site,
                entry.at,
                entry.who,
                entry.what,
                entry.subject,
                entry.detail,
            ]
        )
    )
