"""Renders templates given as strings; runs inside the sandbox's child, never beside secrets."""

import re
from collections.abc import Collection, Iterator, Mapping
from types import TracebackType
from typing import Any

from jinja2 import TemplateNotFound, TemplateSyntaxError, meta, nodes
from jinja2.exceptions import TemplateError

from scheduler.drafting.environment import TemplateEnvironment, did_you_mean
from scheduler.errors import Problem, RenderError

LONGEST = 1_000_000
"""More characters than any channel takes; a template that prints more is at fault."""

NAME = re.compile(r"(?:[a-z0-9_][a-z0-9_-]*/)*[a-z0-9_][a-z0-9_-]*\.j2")

# Whatever a template can provoke with plain data; anything else is a fault of ours.
_FAULTS = (
    TemplateError,
    ArithmeticError,
    AttributeError,
    LookupError,
    MemoryError,
    RuntimeError,
    TypeError,
    ValueError,
)


class Renderer:
    """Renders by name; each template is compiled once."""

    def __init__(self, sources: Mapping[str, str]) -> None:
        self._sources = sources
        self._environment = TemplateEnvironment(sources)

    def render(self, name: str, context: Mapping[str, Any]) -> str:
        """The text, `keep` marks included; `context` holds JSON values only.

        Raises RenderError with the file and line of the fault.
        """
        pieces: list[str] = []
        room = LONGEST
        try:
            for piece in self._environment.get_template(name).generate(context):
                pieces.append(piece)
                room -= len(piece)
                if room < 0:
                    raise RenderError(f"it prints more than {LONGEST} characters", name)
        except _FAULTS as fault:
            where, line = self._place(name, fault)
            raise RenderError(_words(fault), where, line) from fault
        return "".join(pieces)

    def _place(self, name: str, fault: BaseException) -> tuple[str, int]:
        """The innermost template and line that the fault passed through."""
        if isinstance(fault, TemplateSyntaxError):
            return fault.name or name, fault.lineno
        found = (name, 0)
        trace: TracebackType | None = fault.__traceback__
        while trace:
            if trace.tb_frame.f_code.co_filename in self._sources:
                found = (trace.tb_frame.f_code.co_filename, trace.tb_lineno)
            trace = trace.tb_next
        return found


def _words(fault: BaseException) -> str:
    if isinstance(fault, MemoryError):
        return "it needs more memory than a template may have"
    if isinstance(fault, RecursionError):
        return "it includes or calls itself without end"
    if isinstance(fault, TemplateNotFound):
        return f"there is no template “{fault.name}” to include"
    return str(fault) or type(fault).__name__


def problems_of(name: str, sources: Mapping[str, str], names: Collection[str]) -> list[Problem]:
    """What is wrong in one template and can be seen without data, in the order of lines.

    The others are looked at for its imports only; `names` are the top-level names of the context.
    Compiling evaluates constants, so hostile text is looked at only inside the sandbox's child
    (`Sandbox.problems`).
    """
    environment = TemplateEnvironment(sources)
    if not NAME.fullmatch(name):
        return [
            Problem(
                file=_file(name),
                what="this name does not suit a template",
                cure="use lower-case letters, digits, - and _, ending in .j2",
            )
        ]
    try:
        tree = environment.parse(sources[name], name, name)
        found = list(_unknown_filters(tree, environment))
        imported = _is_imported(name, sources, environment)
        known = {*environment.globals, *(() if imported else names)}
        found += _unknown_names(tree, known, names)
        found += _unknown_files(tree, sources, environment)
        environment.compile(sources[name], name, name)
    except TemplateSyntaxError as fault:
        return [_problem(name, fault.lineno, fault.message or "cannot be read", "")]
    except (RecursionError, MemoryError) as fault:
        return [_problem(name, 0, "it is nested too deeply or too large", str(fault))]
    return [_problem(name, *place, source=sources[name]) for place in sorted(found)]


_Place = tuple[int, str, str]
"""A line, what is wrong there, and what to do."""


def _unknown_filters(tree: nodes.Template, environment: TemplateEnvironment) -> Iterator[_Place]:
    """Registers a stand-in for each, so that the search for other problems goes on."""
    known: list[tuple[type[nodes.Filter] | type[nodes.Test], dict[str, Any]]] = [
        (nodes.Filter, environment.filters),
        (nodes.Test, environment.tests),
    ]
    for kind, allowed in known:
        names = sorted(allowed)
        for use in tree.find_all(kind):
            if use.name not in names:
                cure = did_you_mean(use.name, names) or "there is: " + ", ".join(names)
                yield use.lineno, f"templates have no {kind.__name__.lower()} “{use.name}”", cure
                allowed[use.name] = str


def _unknown_names(
    tree: nodes.Template, known: Collection[str], names: Collection[str]
) -> Iterator[_Place]:
    missing = meta.find_undeclared_variables(tree) - set(known)
    for use in tree.find_all(nodes.Name):
        if use.ctx != "load" or use.name not in missing:
            continue
        if use.name in names:
            cure = "a file that others import does not see the post: pass it to the macro"
        else:
            cure = did_you_mean(use.name, known) or "there is: " + ", ".join(sorted(known))
        yield use.lineno, f"there is no “{use.name}” here", cure


def _unknown_files(
    tree: nodes.Template, sources: Mapping[str, str], environment: TemplateEnvironment
) -> Iterator[_Place]:
    for use in _uses(tree):
        target = getattr(use.template, "value", None)
        if not isinstance(target, str):
            yield use.lineno, "the file to include must be named in quotes", ""
        elif target in sources:
            if isinstance(use, nodes.FromImport):
                yield from _unknown_macros(use, sources[target], environment)
        elif not getattr(use, "ignore_missing", False):
            cure = did_you_mean(target, sources) or "names begin at posts/: “_shared/macros.j2”"
            yield use.lineno, f"there is no template “{target}”", cure


def _unknown_macros(
    use: nodes.FromImport, source: str, environment: TemplateEnvironment
) -> Iterator[_Place]:
    try:
        target = environment.parse(source)
    except TemplateSyntaxError:
        return  # reported where it stands
    given = {part.name for part in target.body if isinstance(part, nodes.Macro)}
    given |= {name.name for name in target.find_all(nodes.Name) if name.ctx == "store"}
    for wanted in use.names:
        name = wanted[0] if isinstance(wanted, tuple) else wanted
        if name not in given:
            cure = did_you_mean(name, given) or "there is: " + ", ".join(sorted(given))
            yield use.lineno, f"that file has no macro “{name}”", cure


def _uses(
    tree: nodes.Template,
) -> Iterator[nodes.Extends | nodes.Import | nodes.FromImport | nodes.Include]:
    yield from tree.find_all(nodes.Extends)
    yield from tree.find_all(nodes.Import)
    yield from tree.find_all(nodes.FromImport)
    yield from tree.find_all(nodes.Include)


def _is_imported(name: str, sources: Mapping[str, str], environment: TemplateEnvironment) -> bool:
    """Whether some template imports it without its context: then it sees no names of the post."""
    for other, source in sources.items():
        if name not in source:
            continue
        try:
            uses = list(_uses(environment.parse(source, other)))
        except TemplateSyntaxError:
            continue
        for use in uses:
            alone = isinstance(use, nodes.Import | nodes.FromImport) and not use.with_context
            if alone and getattr(use.template, "value", None) == name:
                return True
    return False


def _file(name: str) -> str:
    return f"posts/{name}"


def _problem(name: str, line: int, what: str, cure: str, source: str = "") -> Problem:
    column = _column(source, line, what)
    return Problem(file=_file(name), line=line, column=column, what=what, cure=cure)


def _column(source: str, line: int, what: str) -> int:
    """Where the word that the message quotes stands in its line, from 1; 0 where it does not."""
    quoted = re.search("“(.+)”", what)
    if not (quoted and source and line):
        return 0
    at = re.search(rf"(?<![\w.]){re.escape(quoted[1])}(?!\w)", source.split("\n")[line - 1])
    return at.start() + 1 if at else 0
