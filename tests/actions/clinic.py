"""A small clinic for the tests of the actions: its site, its people, and a clock set by hand.

ann writes, ben approves, dora administers; nobody knows cleo. The clinic keeps three days of its
own in June, and its article is about a topic that no shipped day of that month comes near.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from scheduler.actions.approve import Approval, approve
from scheduler.actions.deliver import deliver_due
from scheduler.actions.plan import Plan, plan
from scheduler.actions.reconcile import reconcile
from scheduler.actions.run import Run
from scheduler.actions.site import Site, open_site
from scheduler.channels.base import Connector
from scheduler.ledger import drafts, events, rows
from scheduler.ledger.models import Delivery, Draft
from scheduler.nouns import RELEASED, Post

YEAR = RELEASED.year + 1
MORNING = datetime(YEAR, 6, 1, 12, tzinfo=UTC)
"""Six in the morning at the clinic, the day before its first own day."""

NINE = timedelta(hours=3)
"""From six to nine, when posts go out."""

CONFIG = f"""\
[site]
id = "clinic"
name = "The Clinic"
url = "https://clinic.example"
timezone = "America/Denver"
language = "en"
audience = "US-CO"

[plan]
articles = ["walking"]
months = 1
per_week = 50
per_month = 200
gap_days = 0

[[people]]
name = "ann"
email = "ann@clinic.example"
roles = ["author"]

[[people]]
name = "ben"
email = "ben@clinic.example"
roles = ["approver"]

[[people]]
name = "dora"
email = "dora@clinic.example"
roles = ["admin"]

[[channel]]
name = "blog"
kind = "file"
folder = "public"
format = "blog"

[[channel]]
name = "lines"
kind = "file"
folder = "lines"
format = "jsonl"

[[channel]]
name = "wp"
kind = "wordpress"
url = "http://127.0.0.1:9"
user = "editor"
password = "env:CLINIC_WP_PASSWORD"

[[crisis]]
country = "US"
by = "ann"
source = "https://988lifeline.org"
checked = {YEAR}-05-20
"""

OWN = """\
[calendar]
id = "own"
title = "Our own days"

[[day]]
id = "walk-day"
name = "Walk Day"
when = "2 June"
topics = ["heart-health"]

[[day]]
id = "salt-day"
name = "Salt Day"
when = "5 June"
topics = ["heart-health"]

[[day]]
id = "pulse-week"
name = "Pulse Week"
when = "10 to 14 June"
topics = ["heart-health"]
"""

ARTICLE = """\
+++
title = "A walk a day"
url = "https://clinic.example/walking"
language = "en"
topics = ["heart-health"]
names_treatment = false
disclaimer = "This is general education, not medical advice."
short_disclaimer = "Education, not medical advice."

[[point]]
id = "shoes"
kind = "fact"
label = "Shoes"
sentences = ["Shoes that fit make a walk easier."]
sources = [{ title = "The clinic's own leaflet", checked = 2026-11-24 }]

[[point]]
id = "company"
kind = "action"
label = "Company"
sentences = ["Ask a friend to walk with you."]
sources = [{ title = "The clinic's own leaflet", checked = 2026-11-24 }]
+++
# A walk a day
"""

SHORT = """\
{{ day.name }}, {{ day.date }}.
{% for point in points %}
{{ point.sentences | join(" ") }}
{% endfor %}
{{ keep("In crisis (US): " ~ crisis.line ~ "; in an emergency, call " ~ crisis.emergency ~ ".") }}
{{ keep(article.short_disclaimer) }} {{ keep(link) }}
"""

BLOG = """\
# {{ day.name }}: a walk a day

{{ day.name }}, {{ day.date }}.

{% for point in points %}
**{{ point.label }}:** {{ point.sentences | join(" ") }}

{% endfor %}
> {{ keep("In crisis (US): " ~ crisis.line ~ "; in an emergency, call " ~ crisis.emergency ~ ".") }}

{{ keep(article.disclaimer) }}
"""

FILES = {
    "config.toml": CONFIG,
    "calendars/own.toml": OWN,
    "posts/walking/article.md": ARTICLE,
    "posts/walking/short.j2": SHORT,
    "posts/walking/blog.j2": BLOG,
}


class Clock:
    """Stands still until it is told to go on."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def go_on(self, **by: float) -> datetime:
        self.now += timedelta(**by)
        return self.now


@dataclass
class Clinic:
    """The site as it was last read, its clock, and the verbs the tests speak in."""

    site: Site
    clock: Clock

    @property
    def folder(self) -> Path:
        return self.site.folder

    @property
    def now(self) -> datetime:
        return self.clock.now

    def change(self, file: str, old: str, new: str) -> None:
        """Replace a text in a file, as an editor would, and read the site again."""
        path = self.folder / file
        before = path.read_text(encoding="utf-8")
        assert old in before, old
        path.write_text(before.replace(old, new, 1), encoding="utf-8")
        self.read_again()

    def add(self, file: str, text: str) -> None:
        path = self.folder / file
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(before + text, encoding="utf-8")
        self.read_again()

    def add_day(self, day_id: str, when: str, *more: str) -> None:
        lines = [f'id = "{day_id}"', f'name = "{day_id.title()}"', f'when = "{when}"']
        self.add("calendars/own.toml", "\n".join(["\n[[day]]", *lines, TOPIC, *more, ""]))

    def remove_day(self, day_id: str) -> None:
        path = self.folder / "calendars/own.toml"
        head, *days = path.read_text(encoding="utf-8").split("[[day]]")
        kept = [day for day in days if f'id = "{day_id}"' not in day]
        assert len(kept) < len(days), day_id
        path.write_text("[[day]]".join([head, *kept]), encoding="utf-8")
        self.read_again()

    def read_again(self) -> None:
        self.site = open_site(self.folder)

    def plan(self, days: int = 29) -> Plan:
        return plan(self.site, self.now, self.now.date() + timedelta(days=days))

    def drafts(self) -> list[Draft]:
        return drafts.everything(self.site.id)

    def draft(self, day: str, channel: str = "lines") -> Draft:
        """The latest round of that day's draft."""
        return [one for one in self.drafts() if (one.day, one.channel) == (day, channel)][-1]

    def text(self, day: str, channel: str = "lines") -> str:
        return Post.thawed(self.draft(day, channel).post).text

    def approve(self, *days: str, channel: str = "lines") -> Approval:
        markers = [self.draft(day, channel).marker for day in days]
        done = approve(self.site, markers, "ben", self.now)
        assert not done.refused, done.refused
        return done

    def delivery(self, day: str, channel: str = "lines") -> Delivery:
        """The delivery of the latest round that was approved."""
        found = rows.everything(self.site.id)
        return [one for one in found if (one.draft.day, one.channel) == (day, channel)][-1]

    def at_nine(self, of: int) -> datetime:
        """Go to nine o'clock of that date in June, when its posts are due."""
        self.clock.now = MORNING.replace(day=of) + NINE
        return self.now

    def due(self, *days: str, channel: str = "wp", of: int = 2) -> Delivery:
        """Approve those days' drafts and go to nine of that date; returns the first delivery."""
        self.approve(*days, channel=channel)
        self.at_nine(of)
        return self.delivery(days[0], channel)

    def deliver(self, connectors: Mapping[str, Connector]) -> Run:
        run = Run()
        deliver_due(self.site, self.clock, connectors.__getitem__, run)
        return run

    def reconcile(self, connectors: Mapping[str, Connector]) -> Run:
        run = Run()
        reconcile(self.site, self.clock, connectors.__getitem__, run)
        return run

    def told(self, subject: str) -> list[tuple[str, str]]:
        """Who did what to a draft, delivery or channel, oldest first."""
        return [(one.who, one.what) for one in events.history(self.site.id, subject)]

    def moved_to(self, folder: Path) -> "Clinic":
        """The same clinic in a copy of its folder, with a clock of its own."""
        return Clinic(site=replace(self.site, folder=folder), clock=Clock(self.now))


TOPIC = 'topics = ["heart-health"]'


def june(day: int) -> date:
    return date(YEAR, 6, day)
