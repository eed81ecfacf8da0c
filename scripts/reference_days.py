"""The reference pages of what is shipped: the days and the topics."""

from scheduler.days.day import Day
from scheduler.files.calendars import read_days, read_vocabulary
from scheduler.files.shipped import shipped

DAYS = """# The shipped days

{generated}
These days come with Redletter; every site reads them. Their official pages, and the dates on which
those were read, stand in the calendar files. A site changes them by their id in its own
`calendars/own.toml`: [own days](../how-to/own-days.md).

| Id | Name | When | Where | Tone | Topics |
|---|---|---|---|---|---|
"""

TOPICS = """# The topics

{generated}
The words that days and articles share. An article and a day fit when they share a topic, or have
topics one step apart (broader); others count less. "Also" lists other words for the same thing.

| Id | Name | Broader | Related | Also |
|---|---|---|---|---|
"""


def days(generated: str) -> str:
    """Every shipped day, by id; the sample site's own are left out."""
    found, _ = read_days(shipped())
    rows = (
        f"| `{day.id}` | {day.name} | {_when(day)} | {_where(day)} | {day.tone} "
        f"| {', '.join(day.topics)} |\n"
        for day in sorted(found, key=lambda day: day.id)
        if day.calendar != "own"
    )
    return DAYS.format(generated=generated) + "".join(rows)


def _when(day: Day) -> str:
    dates = ", ".join(text for _, text in sorted(day.dates.items()))
    if not dates:
        return day.explain()
    return f"{day.explain()} ({dates})"


def _where(day: Day) -> str:
    return ", ".join("everywhere" if region == "*" else region for region in day.regions)


def topics(generated: str) -> str:
    """The whole vocabulary, by id."""
    vocabulary, _ = read_vocabulary()
    rows = (
        f"| `{topic.id}` | {topic.name} | {', '.join(topic.broader)} | {', '.join(topic.related)} "
        f"| {', '.join(topic.synonyms)} |\n"
        for topic in sorted(vocabulary.topic, key=lambda topic: topic.id)
    )
    return TOPICS.format(generated=generated) + "".join(rows)
