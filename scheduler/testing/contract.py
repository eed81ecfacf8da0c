"""The suite that every connector must pass, ours or a stranger's.

    class TestMine(ConnectorContract):
        secrets = ("token in clear",)

        @pytest.fixture
        def connector(self) -> Mine: ...

        def public(self, connector, post, key) -> list[str]:
            "The id of every public object that stands for this key, read from the service itself."

Each test uses a key of its own, so the fixture may give the same account every time.
"""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import ClassVar

import pytest

from scheduler.channels.base import Connector
from scheduler.errors import DeliveryError
from scheduler.nouns import Key, Post, Receipt, canonical


class KilledError(BaseException):
    """Stands for SIGKILL: nothing may catch it."""


class Steps(dict[str, str]):
    """What the ledger would hold of one delivery; dies before or after it commits the n-th step."""

    def __init__(self, die_at: int = 0, *, committed: bool = False) -> None:
        super().__init__()
        self._die_at, self._committed, self._count = die_at, committed, 0

    def save(self, step: str, remote_id: str) -> str:
        self._count += 1
        dies = self._count == self._die_at
        if not dies or self._committed:
            self[step] = remote_id
        if dies:
            raise KilledError
        return remote_id


class ConnectorContract:
    """Give `connector` and `public`; `unreachable` too, where a service can be away."""

    secrets: ClassVar[tuple[str, ...]] = ()

    @pytest.fixture
    def connector(self) -> Connector:
        raise NotImplementedError("give a connector to a place where tests may post")

    @pytest.fixture
    def unreachable(self) -> Connector | None:
        """A connector whose service is away; None where there is no such thing."""
        return None

    def public(self, connector: Connector, post: Post, key: Key) -> list[str]:
        raise NotImplementedError("read back what is public")

    @pytest.fixture
    def post(self) -> Post:
        """Escaping is the connector's part: the title has a tag in it, the text an emoji."""
        return Post(
            title="Talk & <listen>",
            text="Talk to someone you trust. 💚\n\nÀ bientôt.",
            html="<p>Talk to someone you trust. 💚</p>\n<p>À bientôt.</p>",
            link="https://clinic.example/ketamine?utm_content=rl-x&a=b",
            tags=("health",),
            language="en",
            day_name="World Mental Health Day",
            first=date(2027, 10, 10),
            last=date(2027, 10, 10),
            due_at=datetime(2027, 10, 10, 15, tzinfo=UTC),
        )

    @pytest.fixture
    def key(self, request: pytest.FixtureRequest) -> Key:
        return _key(request, 1)

    def test_composing_is_pure_and_gives_plain_json(
        self, connector: Connector, post: Post, key: Key
    ) -> None:
        frozen, composed = post.frozen(), connector.compose(post, key)
        assert connector.compose(post, key) == composed
        assert json.loads(canonical(composed)) == composed
        assert post.frozen() == frozen

    def test_what_was_never_sent_is_not_found(
        self, connector: Connector, post: Post, key: Key
    ) -> None:
        assert connector.find(post, key, {}) is None
        assert self.public(connector, post, key) == []

    def test_a_sent_post_is_public_once_and_found(
        self, connector: Connector, post: Post, key: Key
    ) -> None:
        steps = Steps()
        receipt = connector.send(post, key, steps, steps.save)
        assert receipt.remote_id
        assert receipt.url
        assert self.public(connector, post, key) == [receipt.remote_id]
        assert connector.find(post, key, steps) == receipt
        assert connector.find(post, key, {}) == receipt

    def test_a_repeatable_send_may_be_repeated(
        self, connector: Connector, post: Post, key: Key
    ) -> None:
        steps = Steps()
        receipt = connector.send(post, key, steps, steps.save)
        if not connector.repeatable(steps):
            pytest.skip("this connector does not promise that")
        assert connector.send(post, key, steps, steps.save) == receipt
        assert self.public(connector, post, key) == [receipt.remote_id]

    def test_two_posts_do_not_meet(
        self, connector: Connector, post: Post, request: pytest.FixtureRequest
    ) -> None:
        for number in (1, 2):
            steps = Steps()
            connector.send(post, _key(request, number), steps, steps.save)
        for number in (1, 2):
            assert len(self.public(connector, post, _key(request, number))) == 1

    @pytest.mark.parametrize("committed", [False, True])
    def test_killed_at_any_step_it_ends_with_one_public_post(
        self, connector: Connector, post: Post, request: pytest.FixtureRequest, committed: bool
    ) -> None:
        for number in _numbers():
            key, steps = _key(request, number), Steps(number, committed=committed)
            try:
                connector.send(post, key, steps, steps.save)
            except KilledError:
                receipt = _taken_up(connector, post, key, steps)
                assert self.public(connector, post, key) == [receipt.remote_id]
            else:
                return  # it has no further step

    def test_a_service_that_is_away_is_a_delivery_error(
        self, unreachable: Connector | None, post: Post, key: Key
    ) -> None:
        if unreachable is None:
            pytest.skip("this kind is never away")
        calls: list[Callable[[], object]] = [
            lambda: unreachable.send(post, key, {}, Steps().save),
            lambda: unreachable.find(post, key, {}),
        ]
        for call in calls:
            with pytest.raises(DeliveryError) as caught:
                call()
            self.hides_its_secrets(str(caught.value) + repr(caught.value))

    def test_no_text_of_it_shows_a_secret(self, connector: Connector, post: Post, key: Key) -> None:
        composed = canonical(connector.compose(post, key))
        self.hides_its_secrets(repr(connector) + repr(vars(connector)) + composed)

    def hides_its_secrets(self, text: str) -> None:
        for secret in self.secrets:
            assert secret not in text
            assert secret.replace(" ", "") not in text


def _taken_up(connector: Connector, post: Post, key: Key, steps: Steps) -> Receipt:
    """What a later run does after a kill: look first, and send again what is not there."""
    if found := connector.find(post, key, steps):
        return found
    again = Steps()
    again.update(steps)
    return connector.send(post, key, again, again.save)


def _numbers() -> Iterator[int]:
    yield from range(1, 10)
    raise AssertionError("a send of ten steps: does it save without end?")


def _key(request: pytest.FixtureRequest, number: int) -> Key:
    test = "".join(letter if letter.isalnum() else "-" for letter in request.node.name.lower())
    return Key(
        site="contract",
        article=type(request.instance).__name__.lower(),
        day=test.strip("-"),
        first=date(2027, 10, 10),
        channel="tested",
        round=number,
    )
