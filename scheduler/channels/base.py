"""The door every connector passes: a few verbs and its own settings."""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field

from scheduler.nouns import Clock, Key, Limits, Post, Receipt, Save, Saved, Secret


class ChannelSettings(BaseModel):
    """What every `[[channel]]` may say, whatever its kind."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")
    kind: str
    settle: float = Field(
        default=60,
        ge=0,
        le=1_200,
        description="Seconds to wait before an unsure post is looked up.",
    )
    read_gap: float = Field(
        default=30, ge=0, le=600, description="Seconds between the two looks that prove absence."
    )


class Connector(ABC):
    """One kind of channel; an instance is one account, its secrets already resolved."""

    kind: ClassVar[str]
    Settings: ClassVar[type[ChannelSettings]]
    local: ClassVar[bool] = False
    """Whether all that a dead sender did can be seen at once, nothing being still on its way."""

    @classmethod
    @abstractmethod
    def open(
        cls, settings: Any, folder: Path, secret: Callable[[str], Secret], clock: Clock
    ) -> Self:
        """A connector that can send; `folder` is the site's, `secret` resolves a SecretRef.

        Asks nobody over the network; raises UsageError where the settings cannot work here.
        """

    @classmethod
    @abstractmethod
    def limits(cls, settings: Any) -> Limits:
        """What these settings allow; needs no account, so that planning can ask."""

    @abstractmethod
    def compose(self, post: Post, key: Key) -> dict[str, Any]:
        """The very object that `send` will hand over; pure."""

    @abstractmethod
    def send(self, post: Post, key: Key, saved: Saved, save: Save) -> Receipt:
        """Publish; raises a DeliveryError. Never retries, never follows a redirect."""

    @abstractmethod
    def find(self, post: Post, key: Key, saved: Saved) -> Receipt | None:
        """The public object that carries the key's marker; None where it is proven absent.

        Raises a DeliveryError where the service could not be asked.
        """

    @abstractmethod
    def profile(self) -> str:
        """Who the account is, by a call that needs its credential; posts nothing."""

    @classmethod
    def repeatable(cls, saved: Saved) -> bool:
        """Whether a repeated `send` lands on the same object (class A); the contract tries it.

        Redletter looks first all the same: a post that may be out is not put back to be sent.
        """
        return False


def slug(key: Key) -> str:
    """The last part of a post's address: the day, and the marker that makes it unique."""
    day = re.sub(r"[^a-z0-9]+", "-", key.day.lower()).strip("-")
    return f"{day[:80].rstrip('-')}-{key.marker}".lstrip("-")
