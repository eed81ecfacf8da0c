"""The sample article's posts over a year, as a channel of each form would get them."""

from datetime import date, timedelta
from functools import cache
from pathlib import Path

from scheduler.article import parse_article
from scheduler.days.day import Day, Occurrence
from scheduler.days.expand import occurrences
from scheduler.drafting.context import (
    Brand,
    Help,
    context,
    may_name_drug,
    template_for,
)
from scheduler.drafting.fit import fit
from scheduler.drafting.markup import page
from scheduler.drafting.picks import Pick, pick
from scheduler.drafting.render import Renderer
from scheduler.files.calendars import read_days, read_topics
from scheduler.matching.match import matches
from scheduler.nouns import Counting, Form, Limits, Span

ROOT = Path(__file__).parents[2]
POSTS = ROOT / "posts"
ARTICLE = parse_article(
    "ketamine-depression", (POSTS / "ketamine-depression/article.md").read_text(), "article.md"
)
TEMPLATES = {str(path.relative_to(POSTS)): path.read_text() for path in POSTS.rglob("*.j2")}
RENDERER = Renderer(TEMPLATES)
BRAND = Brand(name="Redletter Sample Clinic", url="https://clinic.example")
US = Help(country="the United States", short_country="US", line="call or text 988", emergency="911")
FIT = {
    Form.SHORT: Limits(form=Form.SHORT, text=500, counting=Counting.TEXT),
    Form.LONG: Limits(form=Form.LONG, text=1_200, counting=Counting.TEXT),
    Form.BLOG: Limits(form=Form.BLOG, text=None, counting=Counting.BLOG),
}
X = Limits(form=Form.SHORT, text=280, counting=Counting.X)

Told = tuple[Occurrence, Pick, str]
"""An occasion, what was picked for it, and the rendered text with its `keep` marks."""


def occurrence(number: int, **fields: object) -> Occurrence:
    """One of a series of made-up days, a week apart."""
    first = date(2027, 1, 3) + timedelta(days=7 * number)
    told = {
        "id": f"day-{number}",
        "name": f"World Day of the Sample Number {number}",
        "calendar": "test",
        "when": "1 May",
        "topics": ("depression",),
        "about": f"A day on which people speak about the matter {number}.",
        "hashtags": ("#WorldSampleDay",),
    }
    return Occurrence(day=Day.model_validate(told | fields), span=Span(first=first, last=first))


def rendered(one: Occurrence, form: Form, chosen: Pick) -> str:
    marker = f"aaaaaaa{one.span.first:%j}"
    shown = context(ARTICLE, one, chosen, BRAND, US, form, marker=marker)
    name = template_for(TEMPLATES, ARTICLE.id, one.day.id, "jsonl", "file", form)
    assert name
    return RENDERER.render(name, shown)


def told(form: Form, occasions: list[Occurrence]) -> tuple[Told, ...]:
    """A channel's posts on these occasions, each knowing the picks of those before it."""
    posts: list[Told] = []
    for one in occasions:
        earlier = [past for _, past, _ in posts]
        chosen = pick(ARTICLE, form, may_name_drug(one.day, form), earlier, one.span.first)
        posts.append((one, chosen, rendered(one, form, chosen)))
    return tuple(posts)


@cache
def year(form: Form, posts: int = 24, **fields: object) -> tuple[Told, ...]:
    return told(form, [occurrence(number, **fields) for number in range(posts)])


@cache
def real_year(form: Form) -> tuple[Told, ...]:
    """The shipped days of 2027 that fit the article."""
    days, _ = read_days(ROOT)
    topics, _ = read_topics(ROOT)
    found = occurrences(days, date(2027, 1, 1), date(2027, 12, 31))
    fitting, _ = matches(ARTICLE.topics, ARTICLE.names_treatment, found, topics, "US-CO")
    return told(form, [match.occurrence for match in fitting])


def plain_text(form: Form, text: str) -> str:
    """What a reader and the guard see: the fitted text, of a blog article without its Markdown."""
    fitted = fit(text, FIT[form])
    if form is not Form.BLOG:
        return fitted
    blog = page(fitted)
    return f"{blog.title}\n\n{blog.text}"


def texts(form: Form, **fields: object) -> list[str]:
    return [plain_text(form, text) for _, _, text in year(form, **fields)]
