"""Renders templates in a child process, so that none can hang, fill or read this one.

The child is exec'd with an empty environment and no file descriptors but its pipes; it never
sees Django, the ledger or a secret. One child serves a whole plan: it gets the sources once, then
one JSON line per post. A template that computes longer than `seconds`, or needs more memory than
`memory`, costs its own post only: the child is killed and the next post gets a new one.

Memory is limited on Linux. macOS does not enforce RLIMIT_AS, so there only the timer holds.
"""

import importlib.util
import json
import os
import resource
import select
import signal
import subprocess
import sys
import time
from collections.abc import Collection, Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from scheduler.errors import Problem, RedletterError, RenderError

SECONDS = 2.0
MEMORY = 256 * 1024 * 1024
LONGEST_ANSWER = 16 * 1024 * 1024
"""Bytes of one answer line; the child's own limit of characters is reached far below it."""

_PATIENCE = 15
"""On a busy machine the timer waits for the child's own computing time, this many times as long."""

_BACKSTOP = 60
"""Seconds after which a child that lost its parent in an endless template ends by itself."""

_LIBRARIES = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
"""All that the child gets of the environment: some Python builds do not start without."""

_CHILD = "import sys; sys.path[:0] = sys.argv[1:]; from scheduler.sandbox import serve; serve()"


class Sandbox:
    """The render child; starts at the first use and ends with the `with` block.

    `sources` are the templates by name, relative to `posts/`.
    """

    def __init__(
        self, sources: Mapping[str, str], *, seconds: float = SECONDS, memory: int = MEMORY
    ) -> None:
        self._sources = dict(sources)
        self._seconds = seconds
        self._memory = memory
        self._child: subprocess.Popen[bytes] | None = None
        self._unread = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop()

    def render(self, template: str, context: Mapping[str, Any]) -> str:
        """The text with its `keep` marks; `context` is plain JSON.

        Raises RenderError naming the template and, where known, the line.
        """
        answer = self._ask(template, {"render": template, "context": context})
        return str(answer["text"])

    def problems(self, names: Collection[str]) -> list[Problem]:
        """What is wrong in the templates, seen without data; `names` are those of the context."""
        found: list[Problem] = []
        for template in sorted(self._sources):
            try:
                answer = self._ask(template, {"check": template, "names": sorted(names)})
            except RenderError as error:
                found.append(Problem(file=f"posts/{template}", line=error.line, what=error.what))
            else:
                found += [Problem(**problem) for problem in answer["problems"]]
        return found

    def _ask(self, template: str, question: Mapping[str, Any]) -> dict[str, Any]:
        child = self._child or self._start()
        try:
            _write(child, question)
            answer = self._answer(child, template, self._seconds)
        except BrokenPipeError as error:
            self._stop()
            raise RenderError("the render child is gone", template) from error
        except BaseException:
            # Also on Ctrl-C: an answer that comes late would be taken for the next post's.
            self._stop()
            raise
        if answer.get("spent"):
            self._stop()
        if "error" in answer:
            raise RenderError(answer["error"], answer["template"], answer["line"])
        return answer

    def _start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-I", "-S", "-c", _CHILD, *_import_paths()]
        child = subprocess.Popen(  # noqa: S603 our own interpreter, fixed arguments
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            close_fds=True,
            env={name: os.environ[name] for name in _LIBRARIES if name in os.environ},
            cwd="/",
            start_new_session=True,  # Ctrl-C is the parent's to handle
        )
        self._child, self._unread = child, b""
        try:
            _write(child, {"sources": self._sources, "memory": self._memory})
            self._answer(child, "", seconds=10)
        except (BrokenPipeError, RenderError) as error:
            self._stop()
            raise RedletterError(
                f"the child process that renders templates does not start ({error});"
                f" is Jinja2 installed beside {sys.executable}?"
            ) from error
        return child

    def _stop(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        child.communicate()

    def _answer(
        self, child: subprocess.Popen[bytes], template: str, seconds: float
    ) -> dict[str, Any]:
        """One line from the child, within its time."""
        begun, computed = time.monotonic(), _computing_time(child.pid)
        wait = seconds
        pipe = _pipe(child.stdout)
        poll = select.poll()
        poll.register(pipe, select.POLLIN | select.POLLHUP)
        while b"\n" not in self._unread:
            if not poll.poll(max(wait, 0.01) * 1000):
                spent = _computing_time(child.pid) - computed
                waited = time.monotonic() - begun
                if spent >= seconds or waited >= _PATIENCE * seconds or computed < 0:
                    raise RenderError(f"it runs longer than {seconds:g} seconds", template)
                wait = seconds - spent
                continue
            wait = max(0.01, seconds - (time.monotonic() - begun))
            self._unread += self._received(child, pipe, template)
        line, _, self._unread = self._unread.partition(b"\n")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _received(self, child: subprocess.Popen[bytes], pipe: IO[bytes], template: str) -> bytes:
        data = os.read(pipe.fileno(), 1 << 20)
        if not data:
            code = child.wait(timeout=5)
            cause = signal.strsignal(-code) if code < 0 else f"exit code {code}"
            raise RenderError(f"it brought the render child down ({cause})", template)
        if len(self._unread) + len(data) > LONGEST_ANSWER:
            raise RenderError("it prints without end", template)
        return data


def _write(child: subprocess.Popen[bytes], value: Mapping[str, Any]) -> None:
    pipe = _pipe(child.stdin)
    pipe.write(json.dumps(value).encode() + b"\n")
    pipe.flush()


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise BrokenPipeError
    return pipe


def _computing_time(pid: int) -> float:
    """Processor seconds of another process; -1 where the system does not tell.

    The clock's id is made from the process id as in clock_getcpuclockid(3) on Linux.
    """
    try:
        return time.clock_gettime(~pid << 3 | 2)
    except OSError:
        return -1.0


def _import_paths() -> list[str]:
    """Where the child finds this package, Jinja and MarkupSafe: checkout, wheel or editable."""
    folders = [str(Path(__file__).resolve().parents[1])]
    for name in ("jinja2", "markupsafe"):
        found = importlib.util.find_spec(name)
        if found and found.origin:
            folders.append(str(Path(found.origin).parents[1]))
    return list(dict.fromkeys(folders))


# --- The child's side --------------------------------------------------------------------------


def serve() -> None:
    """The child's whole life: one JSON line in, one out, until its input ends."""
    first = json.loads(sys.stdin.buffer.readline())
    _limit(first["memory"])
    from scheduler.drafting.render import Renderer  # the parent never loads Jinja

    renderer = Renderer(first["sources"])
    _say({"ready": True})
    for line in sys.stdin.buffer:
        _limit_time()
        answer = _answered(renderer, first["sources"], json.loads(line))
        _say(answer)
        if "spent" in answer:
            return


def _answered(renderer: Any, sources: Mapping[str, str], question: dict[str, Any]) -> Any:
    from scheduler.drafting.render import problems_of

    try:
        if "check" in question:
            problems = problems_of(question["check"], sources, question["names"])
            return {"problems": [_fields(problem) for problem in problems]}
        return {"text": renderer.render(question["render"], question["context"])}
    except RenderError as error:
        answer = {"error": error.what, "template": error.template, "line": error.line}
        # After a MemoryError the next post deserves a fresh process.
        return answer | ({"spent": True} if isinstance(error.__cause__, MemoryError) else {})


def _fields(problem: Problem) -> dict[str, Any]:
    return {name: getattr(problem, name) for name in Problem.__dataclass_fields__}


def _say(answer: Mapping[str, Any]) -> None:
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n")
    sys.stdout.buffer.flush()


def _limit(memory: int) -> None:
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def _limit_time() -> None:
    """Anew for each post: the system adds up the time of all."""
    end = int(time.process_time()) + _BACKSTOP
    resource.setrlimit(resource.RLIMIT_CPU, (end, resource.RLIM_INFINITY))
