from typing import Any

import pytest

from scheduler.drafting.marks import KEEP_CLOSE, KEEP_OPEN
from scheduler.drafting.render import LONGEST, Renderer, problems_of
from scheduler.errors import RenderError

CONTEXT: dict[str, Any] = {
    "day": {"name": "World Mental Health Day", "items": ["a", "b"]},
    "numbers": [1, 2, 3],
    "words": "some words",
}
MACROS = "{% macro risk(what) %}Risk: {{ what }}.{% endmacro %}{% set tag = '#Care' %}"
NAME = "sample/short.j2"


def render(template: str) -> str:
    sources = {NAME: template, "_shared/macros.j2": MACROS}
    return Renderer(sources).render(NAME, CONTEXT)


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{{ day.name }}: {{ day.items|join(', ') }}", "World Mental Health Day: a, b"),
        ("{% for n in numbers %}{{ loop.index }}/{{ loop.length }} {% endfor %}", "1/3 2/3 3/3 "),
        (
            "{% from '_shared/macros.j2' import risk, tag %}{{ risk('x') }} {{ tag }}",
            "Risk: x. #Care",
        ),
        ("{% import '_shared/macros.j2' as m %}{{ m.risk('y') }}", "Risk: y."),
        ("{{ words.upper() }} {{ words|title }} {{ 7 % 4 * 2 }}", "SOME WORDS Some Words 6"),
        ("{% if day.x is defined %}1{% else %}0{% endif %}{{ day.x|default('-') }}", "0-"),
        ("{{ '<b> & \"' }}", '<b> & "'),
    ],
)
def test_ordinary_templates_render(template: str, text: str) -> None:
    assert render(template) == text


@pytest.mark.parametrize("form", ["{{ keep('a') }}", "{{ 'a'|keep }}", "{{ keep(keep('a')) }}"])
def test_keep_marks_what_must_stay(form: str) -> None:
    assert render(form) == f"{KEEP_OPEN}a{KEEP_CLOSE}"


def test_keeping_nothing_leaves_no_marks() -> None:
    assert render("{{ keep('') }}{{ keep('  ') }}") == ""


@pytest.mark.parametrize(
    ("template", "what", "line"),
    [
        ("one\n{{ day.nmae }}", "did you mean “name”", 2),
        ("{{ day.nothing.__class__ }}", "“nothing” is not there", 1),
        ("\n\n{{ 1/0 }}", "division by zero", 3),
        ("{{ nobody }}", "“nobody” is not there", 1),
        ("{{ keep(nobody) }}", "“nobody” is not there", 1),
        ("{% include 'none.j2' %}", "no template “none.j2”", 1),
        (f"{{% include '{NAME}' %}}", "without end", 1),
        ("x\n{% if %}", "Expected an expression", 2),
        ("{% import '_shared/macros.j2' as m %}\n{{ m.rsik() }}", "“rsik” is not there", 2),
    ],
)
def test_a_fault_names_template_and_line(template: str, what: str, line: int) -> None:
    with pytest.raises(RenderError, match=what) as caught:
        render(template)
    assert (caught.value.template, caught.value.line) == (NAME, line)


def test_a_fault_in_a_macro_names_the_macros_file() -> None:
    sources = {
        NAME: "{% from '_shared/macros.j2' import f %}\n{{ f(day) }}",
        "_shared/macros.j2": "{% macro f(day) %}\n\n{{ day.nmae }}{% endmacro %}",
    }
    with pytest.raises(RenderError) as caught:
        Renderer(sources).render(NAME, CONTEXT)
    assert (caught.value.template, caught.value.line) == ("_shared/macros.j2", 3)


ESCAPES = {
    "CVE-2016-10745 str.format": "{{ '{0.__class__.__mro__}'.format(1) }}",
    "CVE-2019-10906 str.format_map": "{{ '{a.__class__}'.format_map({'a': 1}) }}",
    "CVE-2024-56326 indirect format": "{% set f = '{0.__class__}'.format %}{{ f(1) }}",
    "CVE-2025-27516 format by attr": "{{ '{0.__class__}'|attr('format')(1) }}",
    "CVE-2024-22195 xmlattr": "{{ {'onclick=x': 1}|xmlattr }}",
    "CVE-2024-34064 xmlattr": "{{ {'a/onclick': 1}|xmlattr }}",
    "class": "{{ ''.__class__ }}",
    "class by item": "{{ ''['__class__'] }}",
    "class of a number": "{{ (1).__class__ }}",
    "class by map": "{{ numbers|map(attribute='__class__')|list }}",
    "bases": "{{ ().__class__.__bases__[0].__subclasses__() }}",
    "globals of a function": "{{ keep.__globals__ }}",
    "globals of cycler": "{{ cycler.__init__.__globals__ }}",
    "joiner": "{{ joiner.__init__ }}",
    "namespace": "{% set n = namespace(a=1) %}",
    "lipsum": "{{ lipsum(n=10**6) }}",
    "range": "{{ range(10**6) }}",
    "dict": "{{ dict(a=1) }}",
    "template object": "{{ self.__init__ }}",
    "private of loop": "{% for n in numbers %}{{ loop._iterable }}{% endfor %}",
    "caller": "{% macro f() %}{{ caller.__code__ }}{% endmacro %}{% call f() %}{% endcall %}",
    "module": "{% import '_shared/macros.j2' as m %}{{ m.__dict__ }}",
    "private of module": "{% import '_shared/macros.j2' as m %}{{ m._body_stream }}",
    "changing a list": "{{ numbers.append(4) }}",
    "changing a table": "{{ day.update({'name': 'x'}) }}",
    "text times number": "{{ 'a' * 4000000000 }}",
    "list times number": "{{ [0] * 4000000000 }}",
    "power": "{{ 9 ** 99999999 }}",
    "percent format": "{{ '%999999999d' % 1 }}",
    "encode": "{{ words.encode() }}",
    "extension": "{% do numbers.append(1) %}",
    "debug": "{% debug %}",
}


@pytest.mark.parametrize("template", ESCAPES.values(), ids=ESCAPES.keys())
def test_no_template_reaches_python(template: str) -> None:
    with pytest.raises(RenderError):
        render(template)


def test_a_file_name_is_never_run() -> None:
    """CVE-2024-56201: name and content of a template chosen by the attacker."""
    name = "a/{print(1)}'\"\nimport os.j2"
    assert Renderer({name: "{{ 1 }}"}).render(name, {}) == "1"
    [problem] = problems_of(name, {name: "{{ 1 }}"}, [])
    assert "does not suit" in problem.what


def test_printing_without_end_is_stopped() -> None:
    doubled = "{% set a = words %}" + "{% set a = a ~ a %}" * 17
    with pytest.raises(RenderError, match=f"more than {LONGEST}"):
        render(doubled + "{{ a }}")


def problems(**sources: str) -> list[tuple[str, int, str, str]]:
    named = {f"sample/{name}.j2": text for name, text in sources.items()}
    named["_shared/macros.j2"] = MACROS
    found = [one for name in named for one in problems_of(name, named, ["day", "numbers", "words"])]
    return [(problem.file, problem.line, problem.what, problem.cure) for problem in found]


def test_all_problems_of_all_files_come_at_once() -> None:
    assert problems(
        a="{{ dya.name }}\n{{ words|uper }}\n{{ dya }}{% if words is nonne %}{% endif %}",
        b="fine {{ day.name }}\n{% for n in nmubers %}{{ n }}{{ loop.index }}{% endfor %}",
        c="x\n{% for %}",
    ) == [
        ("posts/sample/a.j2", 1, "there is no “dya” here", "did you mean “day”?"),
        ("posts/sample/a.j2", 2, "templates have no filter “uper”", "did you mean “upper”?"),
        ("posts/sample/a.j2", 3, "templates have no test “nonne”", "did you mean “none”?"),
        ("posts/sample/a.j2", 3, "there is no “dya” here", "did you mean “day”?"),
        ("posts/sample/b.j2", 2, "there is no “nmubers” here", "did you mean “numbers”?"),
        ("posts/sample/c.j2", 2, "Expected an expression, got 'end of statement block'", ""),
    ]


@pytest.mark.parametrize(
    ("template", "what"),
    [
        ("{% include '_shared/macro.j2' %}", "there is no template “_shared/macro.j2”"),
        ("{% from '_shared/macros.j2' import rsik %}", "that file has no macro “rsik”"),
        ("{% include words %}", "must be named in quotes"),
        ("{% for n in numbers %}", "Unexpected end of template"),
        ("{{ " + "(" * 3_000 + "1" + ")" * 3_000 + " }}", "too deeply"),
    ],
)
def test_a_problem_is_seen_without_data(template: str, what: str) -> None:
    [(file, _, found, _)] = problems(a=template)
    assert file == "posts/sample/a.j2"
    assert what in found


@pytest.mark.parametrize(
    "template",
    [
        "{% set x = 1 %}{{ x }}{{ keep(day.name) }}",
        "{% from '_shared/macros.j2' import risk, tag %}{{ risk(words) }}{{ tag }}",
        "{% macro f(a, b='') %}{{ a }}{{ b }}{{ day.name }}{% endmacro %}{{ f(1) }}",
        "{% include '_shared/none.j2' ignore missing %}",
        "{% if day.maybe is defined %}{{ day.maybe }}{% endif %}",
    ],
)
def test_sound_templates_have_no_problems(template: str) -> None:
    assert problems(a=template) == []


def test_an_imported_file_does_not_see_the_post() -> None:
    sources = {
        NAME: "{% from '_shared/macros.j2' import f %}{{ f() }}",
        "_shared/macros.j2": "{% macro f() %}{{ day.name }}{% endmacro %}",
    }
    assert problems_of(NAME, sources, ["day"]) == []
    [problem] = problems_of("_shared/macros.j2", sources, ["day"])
    assert problem.file == "posts/_shared/macros.j2"
    assert "pass it to the macro" in problem.cure
