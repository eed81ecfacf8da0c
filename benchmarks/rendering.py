"""Render, fit and digest of a post, as a ratio to Jinja's bare `Template.render` of the same."""

import statistics
import time
from collections.abc import Callable
from functools import partial

from jinja2 import Environment

from scheduler.drafting.fit import fit
from scheduler.drafting.render import Renderer
from scheduler.nouns import Counting, Form, Limits, digest
from scheduler.sandbox import Sandbox

NAME = "sample/short.j2"
TEMPLATE = """\
{{ day.name }}, {{ day.date }}.

{% for point in points %}{{ point.sentences | join(" ") }} {% endfor %}

{{ keep(risk) }} {{ keep(crisis) }} {{ keep(disclaimer) }}
{{ keep(link) }}
{{ day.hashtags[:2] | join(" ") }}
"""
SENTENCE = "Some people notice a change within a day – others don’t, and that is common too."
CONTEXT = {
    "day": {
        "name": "World Mental Health Day",
        "date": "October 10, 2027",
        "hashtags": ["#WorldMentalHealthDay", "#MentalHealth"],
    },
    "points": [{"sentences": [SENTENCE] * 3}] * 2,
    "risk": "Care has risks as well as benefits.",
    "crisis": "In crisis (US): call or text 988; in an emergency, call 911.",
    "disclaimer": "Not medical advice.",
    "link": "https://clinic.example/ketamine?utm_content=rl-c2geewvuxg",
}
CASES = (
    ("X, cut to 280", Counting.X, 280),
    ("Mastodon, cut to 500", Counting.MASTODON, 500),
    ("text, cut to 500", Counting.TEXT, 500),
    ("text that fits", Counting.TEXT, 3_000),
)
ROUNDS, POSTS = 15, 200


def rate(work: Callable[[], object]) -> float:
    """Seconds for one post: the median of several rounds."""
    times = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        for _ in range(POSTS):
            work()
        times.append((time.perf_counter() - begun) / POSTS)
    return statistics.median(times)


def main() -> None:
    bare = Environment(trim_blocks=True).from_string(TEMPLATE)  # noqa: S701 plain text
    renderer = Renderer({NAME: TEMPLATE})
    reference = rate(partial(bare.render, CONTEXT, keep=str))
    print(f"  bare Template.render: {reference * 1e6:.0f} µs a post")
    for what, counting, longest in CASES:
        limits = Limits(form=Form.SHORT, text=longest, counting=counting)
        ours = rate(partial(post, renderer, limits)) / reference
        print(f"  render + fit + digest, {what}: {ours:.2f} × bare (goal 2.0)")
    with Sandbox({NAME: TEMPLATE}) as sandbox:
        ours = rate(partial(post, sandbox, limits)) / reference
    print(f"  the same through the child process: {ours:.2f} × bare")


def post(renderer: Renderer | Sandbox, limits: Limits) -> str:
    return digest(fit(renderer.render(NAME, CONTEXT), limits))


if __name__ == "__main__":
    main()
