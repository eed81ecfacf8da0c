"""Which points of an article the next post of a channel takes, and in which wording.

Pure and without chance: the same article and the same earlier posts give the same pick. The points
used least come up first; among equals, those that leave the new post least like any earlier one.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations, product
from typing import Any, Self

from scheduler.article import Article, Point
from scheduler.nouns import Form, Kind

Group = tuple[Point, ...]

SENTENCES = {Form.SHORT: 1, Form.LONG: 2, Form.BLOG: 2}
"""How many sentences of each point a post of the form takes."""

ALIKE = 0.3
"""A post that shares a larger part of its points' sentences with an earlier one is avoided."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """What one post takes from its article; plain JSON by `asdict`, back by `from_json`.

    `turns` says for each point how often the channel had used it before, `turn` how many posts
    the channel had before: both only choose between equal wordings.
    """

    points: tuple[str, ...]
    turns: tuple[int, ...]
    turn: int
    names_drug: bool

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        lists = {"points": tuple(value["points"]), "turns": tuple(value["turns"])}
        return cls(**{**value, **lists})


def pick(article: Article, form: Form, drug_names: bool, earlier: Sequence[Pick], on: date) -> Pick:
    """The points for the next post on one channel; `earlier` are that channel's, in date order.

    `on` is the occasion's first day: a point past its `expires` is not taken, and where the
    treatment's status or risks are past theirs, the post names no treatment. Then, and wherever
    `drug_names` is false, only points with a plain wording are taken. A benefit in a text that
    names the treatment always comes with its paired risk.
    """
    named = drug_names and article.may_name_treatment(on)
    usable = [p for p in article.points if p.valid_on(on) and wordings(article, p, named)]
    history = _History(article, form, named, earlier)
    chosen: Group = ()
    for groups in _slots(usable, form, named):
        fitting = groups if form is Form.BLOG else _beside(chosen, groups)
        if fitting:
            chosen += min(fitting, key=lambda group: history.cost(chosen, group))
    return Pick(
        points=tuple(point.id for point in chosen),
        turns=tuple(history.uses[point.id] for point in chosen),
        turn=len(earlier),
        names_drug=named,
    )


def wordings(article: Article, point: Point, named: bool) -> tuple[str, ...]:
    """The sentences that a post may use: the plain ones where no treatment is named."""
    return point.sentences if named or not article.names_treatment else point.plain


def taken(available: Sequence[str], turn: int, count: int) -> list[str]:
    """`count` sentences for the given turn; the next turn goes on where this one ended."""
    count = min(count, len(available))
    return [available[(turn * count + step) % len(available)] for step in range(count)]


def _slots(usable: Sequence[Point], form: Form, named: bool) -> list[list[Group]]:
    """The choices to be made, one after another: each is a list of groups to choose one from."""
    kinds = {kind: [point for point in usable if point.kind is kind] for kind in Kind}
    facts, actions = kinds[Kind.FACT], kinds[Kind.ACTION]
    if form is Form.BLOG:
        return [_blog_core(kinds), _several(facts, 2), _several(actions, 2)]
    pairs = [(_partner(point, usable), point) for point in kinds[Kind.BENEFIT]]
    whole: list[Group] = [(risk, benefit) for risk, benefit in pairs if risk]
    support = _several([*facts, *actions], 1)
    if named:
        risks: list[Group] = [(risk,) for risk in kinds[Kind.RISK]]
        return [risks + whole] if form is Form.SHORT else [whole or risks, support]
    single = _several([*kinds[Kind.BENEFIT], *kinds[Kind.RISK]], 1)
    mixed: list[Group] = list(product(kinds[Kind.BENEFIT], kinds[Kind.RISK]))
    return [single if form is Form.SHORT else mixed or single, support]


def _beside(chosen: Group, groups: list[Group]) -> list[Group]:
    """The groups that suit what was chosen; all where nothing is said or nothing is left."""
    wanted = {other for point in chosen for other in point.goes_with}
    fitting = [group for group in groups if wanted >= {point.id for point in group}]
    return fitting or groups


def _blog_core(kinds: Mapping[Kind, Sequence[Point]]) -> list[Group]:
    """Two benefits, each with its risk behind it, and one risk more."""
    risks = kinds[Kind.RISK]
    pairs = [(b, risk) for b in kinds[Kind.BENEFIT] if (risk := _partner(b, risks))]
    groups: list[Group] = []
    for several in combinations(pairs, min(2, len(pairs))):
        core = _unique(point for pair in several for point in pair)
        groups += [(*core, risk) for risk in risks if risk not in core] or [core]
    return groups


def _partner(point: Point, usable: Sequence[Point]) -> Point | None:
    return next((other for other in usable if other.id == point.pairs_with), None)


def _several(points: Sequence[Point], count: int) -> list[Group]:
    return list(combinations(points, min(count, len(points))))


def _unique(points: Iterable[Point]) -> Group:
    return tuple({point.id: point for point in points}.values())


class _History:
    """What a channel has used so far, as sets of sentences in the bits of a number."""

    def __init__(self, article: Article, form: Form, named: bool, earlier: Sequence[Pick]) -> None:
        self._article, self._count, self._named = article, SENTENCES[form], named
        self._order = {point.id: place for place, point in enumerate(article.points)}
        self._bits: dict[str, int] = {}
        self.uses = Counter(
            point for one in earlier if one.names_drug is named for point in one.points
        )
        self._all_uses = Counter(point for one in earlier for point in one.points)
        known = {point.id: point for point in article.points}
        self._earlier = [
            self._mask((known[i], turn) for i, turn in zip(one.points, one.turns, strict=True)
                       if i in known)
            for one in earlier
            if one.names_drug is named
        ]  # fmt: skip

    def cost(self, chosen: Group, group: Group) -> tuple[float, float, int, list[int]]:
        """Smaller is better: too like an earlier post, then how used, then how like, then order."""
        used = sum(self._all_uses[point.id] for point in group) / max(1, len(group))
        mask = self._mask((point, self.uses[point.id]) for point in chosen + group)
        alike = max(((mask & other).bit_count() for other in self._earlier), default=0)
        too_alike = max(0.0, alike - ALIKE * mask.bit_count())
        return too_alike, used, alike, [self._order[point.id] for point in group]

    def _mask(self, points: Iterable[tuple[Point, int]]) -> int:
        mask = 0
        for point, turn in points:
            available = wordings(self._article, point, self._named)
            for sentence in taken(available, turn, self._count) if available else ():
                mask |= 1 << self._bits.setdefault(sentence, len(self._bits))
        return mask
