from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.errors import ContentError
from scheduler.files.rulebook import read_crisis_lines, read_rules
from scheduler.guard import patterns
from scheduler.guard.check import Context, channel_of, check, check_post, verdict
from scheduler.guard.rules import rules_from
from scheduler.nouns import Finding, Form, Post, Severity, Tone

US = Context(jurisdictions=("US-CO",))
BLOG = (Path(__file__).parent / "examples" / "blog.txt").read_text("utf-8")
WORDS = st.sampled_from(
    [
        *("ketamine", "cures", "not", "no", "safe", "depression", "988", "suicide", "book", "call"),
        *(
            ".",
            "?",
            ":",
            ",",
            "—",
            "100 %",
            "#Spravato",
            "never",
            "myth",
            "fact",
            "\n",
            "guarantee",
        ),
        *("risk-free", "side effects", "isn't addictive", "FDA approved", "1-800-273-8255"),
    ]
)


def found(text: str, context: Context = US, channel: str = "blog") -> dict[str, Severity]:
    return {f.rule: f.severity for f in check(text, channel, context, read_rules())}


def post(text: str, title: str = "", tags: tuple[str, ...] = (), language: str = "en") -> Post:
    return Post(
        title=title,
        text=text,
        html="",
        link="https://clinic.example/a",
        tags=tags,
        language=language,
        day_name="World Mental Health Day",
        first=date(2027, 10, 10),
        last=date(2027, 10, 10),
        due_at=datetime(2027, 10, 10, 15, tzinfo=UTC),
    )


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=300), st.sampled_from(list(Tone)))
def test_any_text_is_judged_and_each_place_lies_in_it(text: str, tone: Tone) -> None:
    findings = check(text, "blog", Context(tone=tone), read_rules())
    assert all(0 <= f.start <= f.end <= len(text) for f in findings)


@settings(deadline=None, max_examples=60)
@given(st.lists(WORDS, max_size=60))
def test_the_same_text_gives_the_same_findings(words: list[str]) -> None:
    text = " ".join(words)
    findings = check(text, "x", US, read_rules())
    assert findings == check(text, "x", US, read_rules())
    assert len(set(findings)) == len(findings)
    assert all(0 <= f.start <= f.end <= len(text) for f in findings)


def test_a_whole_educational_article_passes_without_findings() -> None:
    assert check(BLOG, "blog", US, read_rules()) == ()
    day = Context(jurisdictions=("US-CO",), day="World Mental Health Day", tone=Tone.AWARENESS)
    assert (
        check_post(post(BLOG, title="Ketamine and depression"), "wordpress", day, read_rules())
        == ()
    )


def test_a_place_is_in_the_text_as_given() -> None:
    text = "“K𝗲𝘁𝗮𝗺𝗶𝗻𝗲” is 100 % s\u200bafe. It can be misused."
    findings = check(text, "blog", US, read_rules())
    assert {f.rule for f in findings} == {"CLM-SAFE", "CLM-GUARANTEE"}
    assert {text[f.start : f.end] for f in findings} == {"100 % s\u200bafe"}


def test_several_rules_may_break_in_one_span() -> None:
    assert {"CLM-GUARANTEE", "CLM-CURE"} <= set(found("Ketamine is guaranteed to cure depression."))


def test_the_verdict_is_that_of_the_worst_finding() -> None:
    warn = Finding(rule="A-B", severity=Severity.WARN, why="")
    block = Finding(rule="C-D", severity=Severity.BLOCK, why="")
    assert [verdict(()), verdict((warn,)), verdict((warn, block))] == ["pass", "warn", "block"]


class TestAudience:
    def test_closed_countries_block_what_open_ones_balance(self) -> None:
        text = "Ketamine can ease depression."
        assert set(found(text)) == {"REG-BALANCE", "REG-OFFLABEL"}
        for place in ("UK", "GB-SCT", "IE", "DE", "EU", "AU-NSW", "CA"):
            assert found(text, Context(jurisdictions=(place,))) == {"REG-POM": Severity.BLOCK}

    def test_no_audience_means_the_strictest(self) -> None:
        assert found("Ketamine explained.", Context()) == {"REG-POM": Severity.BLOCK}

    def test_new_zealand_and_the_world_are_warned(self) -> None:
        for place in ("NZ", "*"):
            assert found("Ketamine explained.", Context(jurisdictions=(place,))) == {
                "REG-POM": Severity.WARN
            }

    def test_a_country_nobody_told_us_about_is_closed(self) -> None:
        assert found("Ketamine explained.", Context(jurisdictions=("JP",))) == {
            "REG-POM": Severity.BLOCK
        }

    def test_one_strict_country_decides_for_all(self) -> None:
        both = Context(jurisdictions=("US", "UK"))
        assert found("Ketamine explained. It can be misused.", both) == {"REG-POM": Severity.BLOCK}

    def test_a_global_account_never_names_988_alone(self) -> None:
        world = Context(jurisdictions=("*",))
        assert "SUI-LINE" in found("In crisis? Call 988.", world)
        assert not found("In crisis? US: call 988. Elsewhere: findahelpline.com", world)

    def test_a_line_that_the_site_confirmed_counts(self) -> None:
        line = replace(read_crisis_lines()[0], country="JP", written=("0120-555-0199",))
        text = "Suicide prevention week. Call 0120 555 0199."
        japan = Context(jurisdictions=("JP",), lines=(line,))
        assert not found(text, japan)
        assert "SUI-CRISIS" in found(text, Context(jurisdictions=("JP",)))


class TestChannel:
    TEXT = "Ketamine infusions can ease depression. Risks: clinic.example/risks"

    def test_a_risk_link_is_enough_only_where_space_is_short(self) -> None:
        assert "REG-OFFLABEL" not in found(self.TEXT, channel="x")
        assert "REG-OFFLABEL" not in found(self.TEXT, channel="bluesky")
        for channel in ("blog", "wordpress", "mastodon", "facebook", "file", "unheard-of"):
            assert "REG-OFFLABEL" in found(self.TEXT, channel=channel)

    def test_kinds_that_publish_articles_are_blogs(self) -> None:
        assert {channel_of(kind) for kind in ("wordpress", "ghost", "blog")} == {"blog"}
        assert channel_of("file", Form.BLOG) == "blog"
        assert channel_of("file", Form.SHORT) == "file"


class TestTone:
    SOLEMN = Context(jurisdictions=("US-CO",), tone=Tone.SOLEMN)

    def test_a_solemn_day_forbids_what_other_days_allow(self) -> None:
        text = "Book a visit today."
        assert found(text, self.SOLEMN) == {"DAY-SOLEMN": Severity.BLOCK}
        for tone in (Tone.AWARENESS, Tone.CELEBRATION, None):
            assert found(text, Context(jurisdictions=("US-CO",), tone=tone)) == {}

    def test_the_sites_own_products_count_as_products(self) -> None:
        context = Context(jurisdictions=("US-CO",), tone=Tone.SOLEMN, names=("MoodSpa",))
        assert "DAY-SOLEMN" in found("MoodSpa remembers.", context)
        assert "DAY-SOLEMN" not in found("MoodSpa remembers.", self.SOLEMN)

    def test_a_day_about_suicide_is_the_topic_of_its_post(self) -> None:
        day = Context(jurisdictions=("US-CO",), day="world-suicide-prevention-day")
        assert "SUI-PROMO" in found("Book a visit today.", day)
        assert "SUI-PROMO" not in found("Ask a friend how they are.", day)


class TestPost:
    def test_a_finding_in_the_title_says_so(self) -> None:
        findings = check_post(
            post("How to sleep.", "Ketamine cures depression"), "blog", US, read_rules()
        )
        cure = next(f for f in findings if f.rule == "CLM-CURE")
        assert (cure.start, cure.end) == (0, 0)
        assert cure.why.startswith("In the title")

    def test_a_title_that_stands_in_the_text_is_judged_once(self) -> None:
        text = "Ketamine cures depression\n\nIt can be misused."
        findings = check_post(post(text, "Ketamine cures depression"), "blog", US, read_rules())
        assert [(f.start, f.end) for f in findings if f.rule == "CLM-CURE"] == [(9, 14)]

    def test_tags_are_judged_too(self) -> None:
        uk = Context(jurisdictions=("UK",))
        findings = check_post(
            post("How to sleep.", tags=("KetamineTherapy",)), "blog", uk, read_rules()
        )
        assert [(f.rule, f.start) for f in findings] == [("REG-POM", 0)]

    def test_the_risk_in_the_text_balances_the_benefit_in_the_title(self) -> None:
        findings = check_post(
            post("Off-label. It can cause dissociation.", "Ketamine may ease depression"),
            "blog",
            US,
            read_rules(),
        )
        assert findings == ()

    def test_another_language_is_never_passed_in_silence(self) -> None:
        findings = check_post(post("La kétamine guérit.", language="fr"), "blog", US, read_rules())
        assert [(f.rule, f.severity) for f in findings] == [("GUARD-LANGUAGE", Severity.WARN)]
        uk = Context(jurisdictions=("FR",))
        blocked = check_post(post("La kétamine guérit.", language="fr"), "blog", uk, read_rules())
        assert "REG-POM" in {f.rule for f in blocked}


class TestLimits:
    def test_a_guard_out_of_time_blocks(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def late(*_: object, **__: object) -> None:
            raise TimeoutError

        monkeypatch.setattr("scheduler.guard.check.page_of", late)
        (finding,) = check("Ketamine.", "blog", US, read_rules())
        assert (finding.rule, finding.severity) == ("GUARD-TIME", Severity.BLOCK)

    def test_every_search_has_a_time_limit(self) -> None:
        slow = patterns.compiled("(?:a+)+b")
        with pytest.raises(TimeoutError):
            slow.search("a" * 50_000, timeout=0.01)

    def test_a_text_beyond_reading_blocks(self) -> None:
        assert found("a" * 60_001) == {"GUARD-TIME": Severity.BLOCK}

    @pytest.mark.parametrize(
        "text",
        [
            "ketamine is not " * 500,
            "cure " * 3_000,
            "#" + "ketamine" * 500,
            "a" * 20_000,
            "(" * 5_000,
        ],
    )
    def test_a_monster_is_judged_all_the_same(self, text: str) -> None:
        assert isinstance(found(text), dict)


class TestRulesFiles:
    def test_an_unknown_field_is_named(self) -> None:
        with pytest.raises(ContentError, match="colour"):
            rules_from('colour = "red"')

    def test_an_unknown_word_is_named(self) -> None:
        with pytest.raises(ContentError, match="nobody"):
            rules_from("[[signal]]\nid = 'a'\npatterns = ['{nobody}']")

    def test_an_unknown_signal_is_named(self) -> None:
        text = "[[rule]]\nid='A-B'\nseverity='block'\nwhy='w'\nsuggestion='s'\non=['gone']"
        with pytest.raises(ContentError, match="gone"):
            rules_from(text)

    def test_a_new_rule_is_data_alone(self) -> None:
        text = """
        language = "en"
        [[signal]]
        id = "top"
        patterns = ["number one"]
        [[rule]]
        id = "CLM-SUPER"
        severity = "warn"
        why = "w."
        suggestion = "s"
        on = ["top"]
        severity_in = {AU = "block"}
        """
        rules = rules_from(text)
        assert check("We are number one.", "x", US, rules)[0].severity is Severity.WARN
        au = Context(jurisdictions=("AU",))
        assert check("We are number one.", "x", au, rules)[0].severity is Severity.BLOCK
