"""The words of `when`, as people type them, read into a Rule (docs/reference/when.md)."""

from calendar import monthrange

from scheduler.days.anchored import (
    LONGEST,
    Between,
    DaysFrom,
    Either,
    Relation,
    Shifted,
    WeekContaining,
    WeekdayNear,
    WeekdayOf,
)
from scheduler.days.rules import (
    EasterSunday,
    FixedDay,
    FullWeek,
    LastDay,
    Month,
    NthWeekday,
    Rule,
    Weekday,
    WholeMonth,
)
from scheduler.days.words import (
    MONTHS,
    NTHS,
    OTHER_STARTS,
    UNITS,
    WEEKDAYS,
    Reader,
    WhenError,
    Word,
    number,
    words,
)

__all__ = ["WhenError", "parse_when"]

LONGEST_TEXT = 200
DEEPEST = 4
"""How many dates may be counted from one another; no real rule known to us needs more than two."""

_A_RULE = 'a date such as "10 October", a weekday such as "second Thursday of March", or "Easter"'
_A_DAY = 'a single day such as "10 October"'
_A_MONTH = 'a month such as "October"'
_A_WEEK = 'a week such as "first full week of October"'
_A_WEEKDAY = 'a weekday such as "Thursday"'
_STARTS = (*MONTHS, *WEEKDAYS, *NTHS, *OTHER_STARTS)
_RELATIONS = {
    "after": Relation.AFTER,
    "before": Relation.BEFORE,
    "nearest": Relation.NEAREST,
}
_ON_RELATIONS = {"after": Relation.ON_OR_AFTER, "before": Relation.ON_OR_BEFORE}
_LEAP_YEAR = 2024
_CYCLE = range(2000, 2028)
"""28 years hold every weekday on every date, 29 February included."""


def parse_when(text: str) -> Rule:
    """The rule that these words say; case, "the" and short forms ("Oct", "2nd") do not matter.

    Raises WhenError, which names the first word that was not understood; also for dates that
    never are, such as "31 February".
    """
    if len(text) > LONGEST_TEXT:
        raise WhenError("", 0, f"the rule is longer than {LONGEST_TEXT} characters")
    reader = Reader(text=text, rest=words(text))
    if not reader.rest:
        raise WhenError("", 0, f"the rule is empty: expected {_A_RULE}")
    rule = _whole(reader)
    if reader.rest:
        raise reader.wrong('the end of the rule, or "to" and a last day', ("to", "or"))
    if not any(True for year in _CYCLE for _ in rule.spans(year)):
        what = f'"{text.strip()}" falls in no year: check the order of its dates'
        raise WhenError(text.strip(), len(text) - len(text.lstrip()), what)
    return rule


def _whole(reader: Reader) -> Rule:
    rule = _part(reader)
    if reader.take("or"):
        rule = Either(first=rule, otherwise=_part(reader))
    if reader.take("to"):
        rule = Between(begin=rule, end=_end(reader, rule))
    return rule


def _end(reader: Reader, begin: Rule) -> Rule:
    """The last day; after "October 4 to" a bare number is a day of the same month."""
    if isinstance(begin, FixedDay) and len(reader.rest) == 1 and number(reader.ahead()) is not None:
        return _fixed(reader.rest.pop(0), begin.month)
    return _part(reader)


def _part(reader: Reader) -> Rule:
    """A rule that may stand alone, be an end of a span, or be what another one counts from."""
    if reader.depth > DEEPEST:
        raise reader.wrong("a simpler rule: too many dates are counted from one another")
    reader.depth += 1
    start = reader.place()
    rule = _start(reader)
    if reader.ahead() in ("+", "-"):
        _single(start, rule)
        sign = -1 if reader.rest.pop(0).plain == "-" else 1
        rule = Shifted(anchor=rule, days=sign * _days(reader))
    reader.depth -= 1
    return rule


def _start(reader: Reader) -> Rule:
    ahead = reader.ahead()
    if ahead in NTHS and (
        number(ahead) is None or reader.ahead(1) in (*WEEKDAYS, "full", "day", "week")
    ):
        return _nth(reader)
    if number(ahead) is not None:
        return _numbered(reader)
    if ahead in MONTHS:
        return _month(reader)
    if ahead in WEEKDAYS:
        return _weekday(reader)
    if reader.take("day"):
        return _counted(reader, 1)
    if reader.take("week"):
        reader.need("containing")
        return WeekContaining(anchor=_day(reader), begins=_begins(reader))
    if reader.take("orthodox"):
        reader.need("easter")
        return EasterSunday(orthodox=True)
    if reader.take("easter"):
        return EasterSunday()
    raise reader.wrong(_A_RULE, _STARTS)


def _nth(reader: Reader) -> Rule:
    """ "second Thursday of March", "last day of February", "first full week of October"."""
    typed = reader.rest[0]
    nth = NTHS[reader.rest.pop(0).plain]
    if reader.take("full"):
        reader.need("week")
        month = _of_month(reader)
        if nth == 5:
            what = f'"{typed.typed}" cannot be: a month holds at most four full weeks'
            raise WhenError(typed.typed, typed.position, what)
        return FullWeek(month=month, nth=nth, begins=_begins(reader))
    if reader.take("day"):
        month = _of_month(reader)
        return LastDay(month=month) if nth == -1 else FixedDay(month=month, day=nth)
    if reader.ahead() == "week":
        raise reader.wrong('"full week" (a week that lies wholly in the month), or a weekday')
    weekday = reader.one_of(WEEKDAYS, f'{_A_WEEKDAY}, "day" or "full week"')
    return NthWeekday(month=_of_month(reader), weekday=weekday, nth=nth)


def _numbered(reader: Reader) -> Rule:
    """ "10 October", "4 to 10 October", "7 days from …", "10 days after …"."""
    day = reader.rest[0]
    if reader.ahead(1) in UNITS:
        return _counted(reader, _days(reader))
    del reader.rest[0]
    if reader.depth == 1 and reader.ahead() == "to" and number(reader.ahead(1)) is not None:
        last = reader.rest[1]
        del reader.rest[:2]
        month = _month_after(reader)
        return Between(begin=_fixed(day, month), end=_fixed(last, month))
    return _fixed(day, _month_after(reader))


def _month(reader: Reader) -> Rule:
    """ "October" or "October 10"."""
    month = MONTHS[reader.rest.pop(0).plain]
    if number(reader.ahead()) is None:
        return WholeMonth(month=month)
    return _fixed(reader.rest.pop(0), month)


def _weekday(reader: Reader) -> Rule:
    """ "Friday before 20 March", "Thursday of the first full week of October"."""
    weekday = WEEKDAYS[reader.rest.pop(0).plain]
    if reader.take("of", "in"):
        start = reader.place()
        week = _part(reader)
        if not isinstance(week, FullWeek | WeekContaining):
            raise _unfit(start, _A_WEEK)
        return WeekdayOf(weekday=weekday, week=week)
    if reader.take("on"):
        reader.need("or")
        relation = reader.one_of(_ON_RELATIONS, '"after" or "before"')
        return WeekdayNear(weekday=weekday, relation=relation, anchor=_day(reader))
    expected = '"of", "before", "after", "on or before", "on or after" or "nearest"'
    relation = reader.one_of(_RELATIONS, expected)
    if relation == Relation.NEAREST:
        reader.take("to")
        return WeekdayNear(weekday=weekday, relation=relation, anchor=_day(reader))
    return WeekdayNear(weekday=weekday, relation=relation, anchor=_part(reader))


def _counted(reader: Reader, days: int) -> Rule:
    """What follows "day" or "7 days": after, before or from another date."""
    if reader.take("after"):
        return Shifted(anchor=_part(reader), days=days)
    if reader.take("before"):
        return Shifted(anchor=_part(reader), days=-days)
    if reader.take("from"):
        return DaysFrom(days=days, anchor=_day(reader))
    raise reader.wrong('"after", "before" or "from"', ("after", "before", "from"))


def _days(reader: Reader) -> int:
    """A number of days or weeks, as days."""
    typed = reader.place()
    count = number(typed.plain)
    if count is None:
        raise reader.wrong('a number of days such as "47 days"')
    del reader.rest[0]
    days = count * reader.one_of(UNITS, '"days" or "weeks"')
    if not 1 <= days <= LONGEST:
        what = f'"{typed.typed}" is not possible here: write 1 to {LONGEST} days'
        raise WhenError(typed.typed, typed.position, what)
    return days


def _day(reader: Reader) -> Rule:
    """A rule that gives single days, for what cannot be counted from a whole week or month."""
    start = reader.place()
    return _single(start, _part(reader))


def _single(start: Word, rule: Rule) -> Rule:
    if isinstance(rule, WholeMonth | FullWeek | WeekContaining | DaysFrom):
        raise _unfit(start, _A_DAY)
    return rule


def _unfit(start: Word, expected: str) -> WhenError:
    what = f'what begins with "{start.typed}" does not fit here: expected {expected}'
    return WhenError(start.typed, start.position, what)


def _of_month(reader: Reader) -> Month:
    reader.need("of", "in")
    return reader.one_of(MONTHS, _A_MONTH)


def _month_after(reader: Reader) -> Month:
    """The month after a number, with or without "of"."""
    reader.take("of")
    if reader.ahead() not in MONTHS:
        raise reader.wrong(_A_MONTH, (*MONTHS, *WEEKDAYS, *UNITS))
    return MONTHS[reader.rest.pop(0).plain]


def _fixed(day: Word, month: Month) -> FixedDay:
    count = number(day.plain) or 0
    longest = monthrange(_LEAP_YEAR, month)[1]
    if count >= 1000:
        what = f'"{day.typed}" looks like a year, but a rule holds for every year: leave it out'
        raise WhenError(day.typed, day.position, what)
    if not 1 <= count <= longest:
        what = f'"{day.typed}" is not a day of {month}: it has {longest} days at most'
        raise WhenError(day.typed, day.position, what)
    return FixedDay(month=month, day=count)


def _begins(reader: Reader) -> Weekday:
    """The first weekday of a week: "(Monday to Sunday)", or Sunday where nothing is said."""
    if not reader.take("("):
        return Weekday.SUNDAY
    begins = reader.one_of(WEEKDAYS, _A_WEEKDAY)
    reader.need("to")
    last = reader.place()
    ends = reader.one_of(WEEKDAYS, _A_WEEKDAY)
    if ends != (begins + 6) % 7:
        right = Weekday((begins + 6) % 7)
        what = f'"{last.typed}" is not the end of a week from {begins}: that is {right}'
        raise WhenError(last.typed, last.position, what)
    reader.need(")")
    return begins
