"""The articles of a site and the templates that word them."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from scheduler.article import FENCE, Article, parse_article
from scheduler.errors import ContentError, Problem
from scheduler.files import config
from scheduler.files.calendars import read_vocabulary
from scheduler.files.read import read_text
from scheduler.places import did_you_mean, read_toml

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
_PART = re.compile(r"[a-z0-9_][a-z0-9_.-]*")
SHARED = "_shared"


def read_articles(
    folder: Path, ids: Sequence[str] | None
) -> tuple[tuple[Article, ...], list[Problem]]:
    """The named articles, all of those in posts/ for None, and every problem in them."""
    problems: list[Problem] = []
    articles: list[Article] = []
    for index, article_id in enumerate(_all(folder) if ids is None else ids):
        if problem := _unfit(folder, article_id, None if ids is None else index):
            problems.append(problem)
            continue
        file = f"posts/{article_id}/article.md"
        try:
            text = read_text(folder / file, folder / "posts", file)
            article = parse_article(article_id, text, file)
        except ContentError as error:
            problems += error.problems
            continue
        problems += _unknown_topics(article, text, file)
        articles.append(article)
    return tuple(articles), problems


def read_templates(folder: Path, ids: Sequence[str]) -> dict[str, str]:
    """The templates of the shared folder and of these articles, by their path inside posts/.

    Raises ContentError with every template that cannot be read.
    """
    root = folder / "posts"
    texts: dict[str, str] = {}
    problems: list[Problem] = []
    for home in (SHARED, *ids):
        for path in sorted((root / home).rglob("*.j2")):
            name = path.relative_to(root).as_posix()
            file = f"posts/{name}"
            if not all(_PART.fullmatch(part) for part in name.split("/")):
                what = "a template's name may hold small letters, digits, - and _ only"
                problems.append(Problem(file=file, what=what, cure="Rename it."))
                continue
            try:
                texts[name] = read_text(path, root, file)
            except ContentError as error:
                problems += error.problems
    if problems:
        raise ContentError(problems)
    return texts


def _all(folder: Path) -> list[str]:
    return sorted(path.parent.name for path in (folder / "posts").glob("[!_.]*/article.md"))


def _unfit(folder: Path, article_id: str, index: int | None) -> Problem | None:
    """Why there can be no such article, told where config.toml names it."""
    if not _ID.fullmatch(article_id):
        what = f"“{article_id}” cannot be an article's id"
        cure = "It is the name of a folder in posts/: small letters, digits and hyphens."
    elif not (folder / "posts" / article_id / "article.md").exists():
        what = f"there is no article “{article_id}”: posts/{article_id}/article.md is missing"
        cure = did_you_mean(article_id, _all(folder)) or "Add the file, or take the name out."
    else:
        return None
    if index is None:
        return Problem(file=f"posts/{article_id}", what=what, cure=cure)
    line, column = _place_in_config(folder, index)
    return Problem(file=config.FILE, line=line, column=column, what=what, cure=cure)


def _place_in_config(folder: Path, index: int) -> tuple[int, int]:
    try:
        _, places = read_toml(read_text(folder / config.FILE, folder, config.FILE), config.FILE)
    except ContentError:
        return 0, 0
    return places.at("plan", "articles", index)


def _unknown_topics(article: Article, text: str, file: str) -> Iterator[Problem]:
    vocabulary, _ = read_vocabulary()
    known = [topic.id for topic in vocabulary.topic]
    for index, topic in enumerate(article.topics if known else ()):
        if topic not in known:
            front = text.split(f"\n{FENCE}")[0].partition("\n")[2]
            line, column = read_toml(front, file, first_line=2)[1].at("topics", index)
            what = f"there is no topic “{topic}”"
            cure = did_you_mean(topic, known) or "Take one of calendars/topics.toml."
            yield Problem(file=file, line=line, column=column, what=what, cure=cure)
