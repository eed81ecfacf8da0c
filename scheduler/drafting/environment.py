"""What a template may do: an allow-list of filters, tests, globals, attributes and operators.

Template text is code, written by authors with low trust. Jinja's own sandbox is the base; on top
of it data is plain JSON, of which only the harmless methods can be reached, and everything that
could walk from a value to Python (`attr`, `format`, `cycler`, …) is simply not there. Endless
loops and greedy memory are not stopped here: the child process (sandbox.py) is.
"""

from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from jinja2 import FunctionLoader, StrictUndefined, TemplateNotFound
from jinja2.environment import TemplateModule
from jinja2.exceptions import SecurityError
from jinja2.filters import FILTERS as JINJA_FILTERS
from jinja2.runtime import LoopContext, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.tests import TESTS as JINJA_TESTS

from scheduler.drafting.marks import keep


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


FILTERS = _names(
    "abs capitalize count d default dictsort first indent int items join keep last length list"
    " lower map max min reject rejectattr replace reverse round select selectattr slice sort string"
    " sum title trim truncate unique upper urlencode wordcount"
)
TESTS = _names(
    "boolean defined divisibleby eq equalto even false float ge greaterthan gt in integer iterable"
    " le lessthan lower lt mapping ne none number odd sequence string true undefined upper"
    " == != < <= > >="
)
_TEXT_METHODS = _names(
    "capitalize endswith lower lstrip replace rstrip split startswith strip title upper"
)
_TABLE_METHODS = _names("get items keys values")
_LOOP_METHODS = _names(
    "changed cycle depth depth0 first index index0 last length nextitem previtem revindex revindex0"
)


def did_you_mean(name: str, known: Iterable[str]) -> str:
    near = get_close_matches(name, [str(other) for other in known], n=1)
    return f"did you mean “{near[0]}”?" if near else ""


class Missing(StrictUndefined):
    """A name that is not there; any use of it fails, in words for the template's author."""

    __slots__ = ()

    @property
    def _undefined_message(self) -> str:
        if self._undefined_hint:
            return self._undefined_hint
        name = self._undefined_name
        owner = self._undefined_obj
        if not isinstance(owner, Mapping):
            return f"“{name}” is not there"
        known = sorted(str(key) for key in owner)
        guess = did_you_mean(str(name), known) or "there is: " + ", ".join(known[:20])
        return f"“{name}” is not there; {guess}"


class TemplateEnvironment(ImmutableSandboxedEnvironment):
    """Strict Jinja over strings; the sources' names are relative to `posts/`."""

    intercepted_binops = frozenset({"*", "**", "%"})

    def __init__(self, sources: Mapping[str, str]) -> None:
        super().__init__(
            undefined=Missing,
            loader=FunctionLoader(lambda name: _source(sources, name)),
            autoescape=False,
            auto_reload=False,
            cache_size=-1,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.filters = {name: JINJA_FILTERS.get(name, keep) for name in FILTERS}
        self.tests = {name: JINJA_TESTS[name] for name in TESTS}
        self.globals = {"keep": keep}

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        if not super().is_safe_attribute(obj, attr, value):
            return False
        if type(obj) is str:
            return attr in _TEXT_METHODS
        if type(obj) is dict:
            return attr in _TABLE_METHODS
        if isinstance(obj, LoopContext):
            return attr in _LOOP_METHODS
        return False

    def getattr(self, obj: Any, attribute: str) -> Any:
        """A key of a table comes before its methods, so that data may be called "items"."""
        if type(obj) is dict and attribute in obj:
            return obj[attribute]
        return self._reached(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        try:
            return obj[argument]
        except (TypeError, LookupError):
            return self._reached(obj, argument)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        if isinstance(left, int | float) and isinstance(right, int | float) and operator != "**":
            return super().call_binop(context, operator, left, right)
        raise SecurityError(f"templates may use “{operator}” on numbers only, and never “**”")

    def _reached(self, obj: Any, name: Any) -> Any:
        if isinstance(obj, Undefined):
            return str(obj)  # raises: it says what is missing
        if not isinstance(name, str):
            return self.undefined(obj=obj, name=name)
        exported = _exported(obj)
        if name in exported:
            return exported[name]
        there = hasattr(type(obj), name)
        if there and self.is_safe_attribute(obj, name, None):
            return getattr(obj, name)
        if name.startswith("_") or (there and type(obj) is not dict):
            raise SecurityError(f"templates may not use “{name}” here")
        return self.undefined(obj=obj, name=name)


def _exported(obj: Any) -> Mapping[str, Any]:
    """What `{% import "…" as phrases %}` gives: the file's macros and variables, by name."""
    if not isinstance(obj, TemplateModule):
        return {}
    return {name: value for name, value in vars(obj).items() if not name.startswith("_")}


def _source(sources: Mapping[str, str], name: str) -> tuple[str, str, Callable[[], bool]]:
    """The name serves as file name too, so that errors say where."""
    if name not in sources:
        raise TemplateNotFound(name)
    return sources[name], name, lambda: True
