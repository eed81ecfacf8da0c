"""The topic vocabulary: which words mean the same, and how close two topics are."""

from collections.abc import Iterator, Mapping
from typing import Annotated

from pydantic import Field

from scheduler.days.day import Slug, Text, Typed
from scheduler.errors import Problem
from scheduler.places import Places, did_you_mean

SAME = 1.0
ONE_STEP = 0.6
FAR = 0.3
"""Two steps up or down, or named as related; a day this far off is not proposed by itself."""

Slugs = Annotated[tuple[Slug, ...], Field(strict=False)]


class Topic(Typed):
    """One `[[topic]]`; `broader` and `related` name other topics by id."""

    id: Slug
    name: Text
    synonyms: Annotated[tuple[Text, ...], Field(strict=False)] = ()
    broader: Slugs = ()
    related: Slugs = ()


class TopicsFile(Typed):
    """The whole of `calendars/topics.toml`."""

    topic: Annotated[tuple[Topic, ...], Field(strict=False)]


class Topics:
    """Topics by id, name and synonym; an unknown topic is close to nothing but itself."""

    def __init__(self, file: TopicsFile) -> None:
        self._topics: Mapping[str, Topic] = {topic.id: topic for topic in file.topic}
        self._every = file.topic
        self._ids = {
            word.casefold(): topic.id
            for topic in reversed(file.topic)
            for word in (*topic.synonyms, topic.name, topic.id)
        } | {topic.id: topic.id for topic in file.topic}

    def __contains__(self, word: str) -> bool:
        return word.casefold() in self._ids

    def id_of(self, word: str) -> str:
        """The id of the topic with this id, name or synonym; the word itself where none has."""
        return self._ids.get(word.casefold(), word)

    def kinship(self, one: str, other: str) -> float:
        """1 for the same topic, less for a broader, narrower or related one, 0 for strangers."""
        a, b = self.id_of(one), self.id_of(other)
        if a == b:
            return SAME
        above_a, above_b = self._broader(a), self._broader(b)
        if b in above_a or a in above_b:
            return ONE_STEP
        twice = {top for mid in above_a for top in self._broader(mid)}
        twice_b = {top for mid in above_b for top in self._broader(mid)}
        if b in twice or a in twice_b or b in self._related(a) or a in self._related(b):
            return FAR
        return 0.0

    def problems(self, file: str, places: Places) -> list[Problem]:
        """Ids given twice, and broader or related topics that do not exist or are the topic."""
        found: list[Problem] = []
        seen: set[str] = set()
        for path, topic, other in self._named():
            line, column = places.at(*path)
            if path[-1] == "id":
                what = f'the topic "{topic}" stands here twice' if topic in seen else ""
                cure = "Keep one of the two."
                seen.add(topic)
            elif other == topic:
                what, cure = f'"{other}" names itself', "Take it out of its own list."
            else:
                what = "" if other in self._topics else f'there is no topic "{other}"'
                near = did_you_mean(other, self._topics)
                cure = near or "Name the id of a topic of this file, or add it as a [[topic]]."
            if what:
                problem = Problem(file=file, line=line, column=column, what=what, cure=cure)
                found.append(problem)
        return found

    def _named(self) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
        """Each place that names a topic: path, the topic it stands in, the id named."""
        for place, topic in enumerate(self._every):
            yield ("topic", place, "id"), topic.id, topic.id
            for key, others in (("broader", topic.broader), ("related", topic.related)):
                for index, other in enumerate(others):
                    yield ("topic", place, key, index), topic.id, other

    def _broader(self, topic_id: str) -> frozenset[str]:
        topic = self._topics.get(topic_id)
        return frozenset(topic.broader) if topic else frozenset()

    def _related(self, topic_id: str) -> frozenset[str]:
        topic = self._topics.get(topic_id)
        return frozenset(topic.related) if topic else frozenset()
