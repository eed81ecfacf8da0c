"""Counting text as the services count it, and cutting it into sentences.

Sources, checked 2026-11-23:
X: github.com/twitter/twitter-text, config/v3.json and conformance/validate.yml.
Mastodon: github.com/mastodon/mastodon, app/validators/status_length_validator.rb.
Graphemes: unicode.org/reports/tr29 (extended clusters), by the `regex` package.
"""

import re
import unicodedata
from collections.abc import Iterator

import regex

_LINK_COST = 23

# Characters that never join their neighbours; only runs with others must be looked at by `\X`.
_PLAIN = r"\x00-\u02FF\u2010-\u2027\u2030-\u205E\u20A0-\u20CF"
_JOINING = re.compile(rf"[^{_PLAIN}]+(?:[{_PLAIN}][^{_PLAIN}]+)*")
_CLUSTER = regex.compile(r"\X")
_FLAG = regex.compile(r"\p{RI}{1,2}")


def _link_pattern(scheme: str, letters: str) -> regex.Pattern[str]:
    """A link: scheme, host (group "host"), port, path with balanced brackets, query.

    Punctuation that ends a sentence is no part of it. Possessive and bounded repeats keep
    the search linear on any text.
    """
    label = r"[\p{L}\p{N}_][\p{L}\p{M}\p{N}_-]{0,300}+"
    inside = rf"[{letters}!*';:=+,.$/%#\[\]~@|&–-]"
    brackets = rf"\({inside}*+(?:\({inside}*+\){inside}*+)?\)"
    return regex.compile(
        rf"(?<![a-z0-9@$#]){scheme}(?P<host>(?:{label}\.){{1,10}}(?=[^\d]){label})(?::\d+)?"
        rf"(?:/(?:(?:{inside}|{brackets})*(?:[{letters}=+#/-]|{brackets}))?)?"
        r"(?:\?[a-z0-9!?*'@();:&=+$/%#\[\]\-_.,~|]*[a-z0-9\-_&=#/])?",
        regex.IGNORECASE,
    )


_MASTODON_LINK = _link_pattern("https?://", r"\w")
# On X a Chinese or Japanese sentence right after a link is no part of it.
_X_LINK = _link_pattern("(?P<scheme>https?://)?", "a-z0-9_À-ÖØ-öø-ÿЀ-ӿ")
_BARE_HOST = regex.compile(r"[a-z0-9][a-z0-9.-]*\.[a-z]{2,24}$", regex.IGNORECASE)

_MENTION = regex.compile(
    r"(?<![\w=/])(@[a-z0-9_]++(?:[.-]++[a-z0-9_]++)*+)@[\w.-]{0,250}\w", regex.IGNORECASE
)

_EMOJI_ONE = r"(?![0-9#*])\p{Emoji}(?:\p{EMod}|\uFE0F)?(?:[\U000E0020-\U000E007E]+\U000E007F)?"
_EMOJI = regex.compile(rf"\p{{RI}}{{2}}|[0-9#*]\uFE0F?\u20E3|{_EMOJI_ONE}(?:\u200D{_EMOJI_ONE})*")
_LIGHT_RANGES = r"\u0000-\u10FF\u2000-\u200D\u2010-\u201F\u2032-\u2037"
_LIGHT = re.compile(f"[{_LIGHT_RANGES}]")
_HEAVY_OR_EMOJI = re.compile(f"[^{_LIGHT_RANGES}]|[©®]")
_INNER_DOT = re.compile(r"\.(?=\w)")


def length(text: str, counting: str) -> int:
    """How long the service says the text is; `counting` is a `nouns.Counting`.

    Text and blog: grapheme clusters. Mastodon: clusters, links 23, remote mentions without
    their server. X: weighted characters. Where a service is known to differ, this is the longer.
    """
    if counting == "x":
        return _weighted(text)
    if counting == "mastodon":
        if "://" in text:
            text = _MASTODON_LINK.sub("x" * _LINK_COST, text)
        if "@" in text:
            text = _MENTION.sub(r"\1", text)
    return graphemes(text)


def graphemes(text: str) -> int:
    """Characters as a reader sees them; CR LF is one."""
    count = len(text) - text.count("\r\n")
    if text.isascii():
        return count
    for found in _JOINING.finditer(text):
        run = text[max(0, found.start() - 1) : found.end() + 1]
        # Flags are paired here: `\X` looks back over all of them at each, minutes for a long row.
        count += len(_CLUSTER.findall(_FLAG.sub("一", run))) - len(run)
    return count


def _weighted(text: str) -> int:
    """X: after NFC, ranges of weight 100 or else 200, a link 23, an emoji sequence 2."""
    text = unicodedata.normalize("NFC", text)
    if "." not in text:
        return _weight(text)
    total, end = 0, 0
    for start, stop, cost in _links(text):
        total += _weight(text[end:start]) + cost
        end = stop
    return total + _weight(text[end:])


def _weight(text: str) -> int:
    if text.isascii() or not _HEAVY_OR_EMOJI.search(text):
        return len(text)
    rest, emoji = _EMOJI.subn("", text)
    return 2 * (emoji + len(rest)) - len(_LIGHT.findall(rest))


def _links(text: str) -> Iterator[tuple[int, int, int]]:
    """Start, end and cost of what X may shorten.

    X links bare names too when they end in a known top-level domain. We ship no list of those:
    a bare name counts as the dearer of 23 and its own length.
    """
    for link in _candidates(text):
        host = link["host"]
        if len(link[0]) > 4_096 or not all(map(_label_fits, host.split("."))):
            continue
        if link["scheme"]:
            yield link.start(), link.end(), _LINK_COST
        elif bare := _BARE_HOST.search(host):
            start = link.start() + bare.start()
            yield start, link.end(), max(_weight(text[start : link.end()]), _LINK_COST)


def _candidates(text: str) -> Iterator[regex.Match[str]]:
    """The pattern is dear; it is tried only where a dot stands inside a word."""
    end = 0
    for dot in _INNER_DOT.finditer(text):
        if dot.start() < end:
            continue
        start = max(text.rfind(" ", end, dot.start()), text.rfind("\n", end, dot.start()), end)
        end = text.find(" ", dot.end())
        end = len(text) if end < 0 else end
        yield from _X_LINK.finditer(text, start, end)


def _label_fits(label: str) -> bool:
    """DNS allows 63 bytes for a label, counted in its `xn--` form."""
    return len(label) <= 63 and (label.isascii() or len(label.encode("punycode")) <= 59)


# --- Sentences ---------------------------------------------------------------------------------

_END = re.compile(r"[.!?…]+[\"'”’)\]»]*(?=\s|$)|[。！？]+[」』”’）]*|\n")
_NEVER_LAST = re.compile(
    r"(?:dr|mr|mrs|ms|prof|st|mt|rev|hon|gov|sen|rep|vs|fig|figs|e\.g|i\.e|cf|viz|ca|approx|est"
    r"|al|ed|eds|incl|excl|resp|dept|ave|blvd|ph\.d|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)",
    re.IGNORECASE,
)
_LONGEST_SHORTENED = 6  # "approx"
_BEFORE_NUMBER = re.compile(r"(?:nos?|vol|pp?|ch|sec|art)", re.IGNORECASE)
_OPENING = re.compile(
    r"(?:A|About|After|All|Also|Although|An|And|Any|As|Ask|At|Because|Before|Both|But|By|Call|Do|Each"
    r"|Even|Every|Few|For|From|He|Her|Here|His|How|However|I|If|In|It|Its|Many|More|Most|My|No|Not"
    r"|Nothing|On|One|Only|Or|Other|Our|People|Researchers|She|Since|So|Some|Still|Studies|Such|Talk"
    r"|That|The|Their|Then|There|These|They|This|Those|Though|To|Today|Treatment|Until|We|What|When"
    r"|Where|Whether|While|Who|Why|With|Without|You|Your)\b"
)


def sentences(text: str) -> list[str]:
    """The sentences in order, trimmed, none empty; the end of a line ends a sentence too.

    Knows "Dr.", "U.S.", "e.g.", "0.5" and initials. Join soft-wrapped lines first.
    """
    return [text[start:end] for start, end in sentence_spans(text)]


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Where each sentence stands: start and end without the blank space around it."""
    spans, start = [], 0
    for mark in _END.finditer(text):
        if not _ends_sentence(text, start, mark.start(), mark.end()):
            continue
        spans.append((start, mark.end()))
        start = mark.end()
    spans.append((start, len(text)))
    return [trimmed for span in spans if (trimmed := _trimmed(text, *span))]


def _trimmed(text: str, start: int, end: int) -> tuple[int, int] | None:
    part = text[start:end]
    begin = end - len(part.lstrip())
    return (begin, start + len(part.rstrip())) if begin < end else None


def _ends_sentence(text: str, start: int, dot: int, after: int) -> bool:
    mark = text[dot:after]
    if mark == "\n" or mark[0] in "。！？":
        return True
    following = text[after : after + 80].lstrip()
    if following[:1].islower() and not following.startswith("http"):
        return False
    return mark[0] != "." or not _abbreviated(text[max(start, dot - 40) : dot], following)


def _abbreviated(before: str, following: str) -> bool:
    """Whether the dot after `before` belongs to its last word only.

    After initials ("U.S.", "J.") the next word decides: "U.S. Food and" goes on, "U.S. The" not.
    """
    if not following or not before[-1:].isalpha():
        return False
    word = before.split()[-1].lstrip("([\"'“‘")
    if len(word) > _LONGEST_SHORTENED and "." not in word:
        return False
    if _BEFORE_NUMBER.fullmatch(word):
        return following[0].isdigit()
    if _NEVER_LAST.fullmatch(word):
        return True
    initials = all(len(part) == 1 and part.isupper() for part in word.split("."))
    return initials and not _OPENING.match(following)


# --- Cleaning ----------------------------------------------------------------------------------

_NEW_LINES = regex.compile(r"\r\n?|[\x0B\x0C\x85\u2028\u2029]")
# Controls, bidi controls, byte order mark, noncharacters, and the marks of `keep` in templates.
_UNWANTED = regex.compile(
    r"[\x00-\x08\x0E-\x1F\x7F-\x9F\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069"
    r"\uFEFF\uFDD0-\uFDEF\uFFFE\uFFFF\uE000\uE001]"
)
_LATIN = str.maketrans(
    {"ß": "ss", "æ": "ae", "ø": "o", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
)


def clean(text: str) -> str:
    """Text as every later step expects it: NFC, lines end in \\n, nothing invisible that steers.

    Takes out byte order marks, NUL and other controls (tab stays), bidi controls, lone
    surrogates, and U+E000 and U+E001, which only `keep` may write.
    """
    if any("\ud800" <= character <= "\udfff" for character in text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
    text = _UNWANTED.sub("", _NEW_LINES.sub("\n", text))
    return unicodedata.normalize("NFC", text)


def slug(text: str, longest: int = 60) -> str:
    """Lower-case ASCII letters, digits and single hyphens; "post" where nothing is left."""
    plain = unicodedata.normalize("NFKD", text.lower().translate(_LATIN))
    name = regex.sub(r"[^a-z0-9]+", "-", regex.sub(r"[\p{M}'’]", "", plain)).strip("-")
    if len(name) > longest:
        whole_words = name[: longest + 1].rpartition("-")[0]
        name = (whole_words or name[:longest]).strip("-")
    return name or "post"
