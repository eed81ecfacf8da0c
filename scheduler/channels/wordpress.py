"""A WordPress site through its REST API: developer.wordpress.org/rest-api/reference/posts/

Read 2026-11-23; every answer named below was seen on WordPress 6.1.9 and 6.5.5.
Class A′: an invisible draft under our own slug, its id committed, then published by that id.
WordPress knows no unique slug and no key of ours: a second create simply makes a second post, so
nothing is created before the slug was looked up as the user who posts.
"""

import html
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NoReturn, Self, TypeGuard

from pydantic import Field, field_validator

from scheduler.channels.base import ChannelSettings, Connector, slug
from scheduler.channels.pages import paragraphs
from scheduler.errors import Busy, Refused, SignedOut, Unsure
from scheduler.http.address import check_address
from scheduler.http.outcome import NotFound
from scheduler.nouns import (
    Clock,
    Counting,
    Form,
    Key,
    Limits,
    Post,
    Receipt,
    Save,
    Saved,
    Secret,
    SecretRef,
)

if TYPE_CHECKING:
    from scheduler.http.client import Http

DRAFT = "draft"
"""The step whose id is saved: our draft, or the post that it became."""

ACCOUNT_CODES = frozenset({"rest_cannot_create", "rest_cannot_publish"})
"""403 codes that mean "this user", whatever the post (wp-includes/rest-api/endpoints)."""

MISSING = "rest_post_invalid_id"
FIELDS = "id,slug,status,link"
EVERYWHERE = "publish,future,draft,pending,private,trash"
OURS_YET = frozenset({"draft", "pending"})
"""States in which a post of ours is not public, and no person has put it there for good."""


class WordPressSettings(ChannelSettings):
    kind: Literal["wordpress"]
    url: str = Field(description="Address of the site, without /wp-admin or /wp-json.")
    user: str = Field(min_length=1, max_length=60, description="Login of a user who may publish.")
    password: SecretRef = Field(description="Where that user's application password stands.")

    @field_validator("url")
    @classmethod
    def _address(cls, url: str) -> str:
        if problem := check_address(url):
            raise ValueError(problem)
        return url.rstrip("/")

    @field_validator("user")
    @classmethod
    def _login(cls, user: str) -> str:
        if ":" in user or not user.isprintable():
            raise ValueError("is no login: it has a colon or an invisible character in it")
        return user


class WordPress(Connector):
    """One user of one site."""

    kind = "wordpress"
    Settings = WordPressSettings

    def __init__(self, settings: WordPressSettings, http: "Http") -> None:
        self.settings = settings
        self._http = http

    @classmethod
    def open(
        cls,
        settings: WordPressSettings,
        folder: Path,
        secret: Callable[[str], Secret],
        clock: Clock,
    ) -> Self:
        from scheduler.http.client import Http  # only who sends pays for it

        auth = (settings.user, secret(settings.password))
        return cls(
            settings, Http(settings.url, clock=clock, auth=auth, account_codes=ACCOUNT_CODES)
        )

    @classmethod
    def limits(cls, settings: WordPressSettings) -> Limits:
        return Limits(form=Form.BLOG, text=None, counting=Counting.BLOG)

    def compose(self, post: Post, key: Key) -> dict[str, Any]:
        """The public post; a title of WordPress is HTML, so ours is escaped."""
        return {
            "slug": slug(key),
            "title": html.escape(post.title or post.day_name, quote=False),
            "content": post.html or paragraphs(post.text),
            "status": "publish",
        }

    def send(self, post: Post, key: Key, saved: Saved, save: Save) -> Receipt:
        wanted = self.compose(post, key)
        known = saved.get(DRAFT, "")
        if known:
            standing = self._by_id(known, save)
        else:
            standing = self._by_slug(wanted["slug"]) or self._created(wanted)
            save(DRAFT, str(standing["id"]))
        if standing["status"] == "publish":
            return _receipt(standing)
        if standing["status"] not in OURS_YET:
            _stopped(standing)
        answer = self._ask("POST", f"/posts/{standing['id']}", json=wanted)
        if not _is_post(answer) or answer["id"] != standing["id"]:
            raise Unsure("WordPress took the post, but its answer does not say that it is public")
        if answer["status"] != "publish":
            raise Unsure(f"WordPress took the post, but shows it as “{answer['status']}”")
        return _receipt(answer)

    def find(self, post: Post, key: Key, saved: Saved) -> Receipt | None:
        known = saved.get(DRAFT, "")
        found = self._read(known) if known else self._looked_up(slug(key))
        return _receipt(found) if found and found["status"] == "publish" else None

    def profile(self) -> str:
        """The only call that proves the password: public routes answer 200 under a wrong one."""
        user = self._ask("GET", "/users/me", context="edit", fields="name,roles,capabilities")
        if not isinstance(user, dict) or not isinstance(user.get("capabilities"), dict):
            raise Refused(f"{self.settings.url} does not answer as WordPress does")
        if not user["capabilities"].get("publish_posts"):
            raise SignedOut(
                f"the user {self.settings.user} may not publish posts on {self.settings.url}: "
                "an administrator must give it the role Author"
            )
        return f"{user.get('name')} on {self.settings.url}"

    @classmethod
    def repeatable(cls, saved: Saved) -> bool:
        return bool(saved.get(DRAFT))

    def _by_id(self, known: str, save: Save) -> dict[str, Any]:
        """The draft of an earlier attempt; a person may have done something with it since."""
        if standing := self._read(known):
            return standing
        save(DRAFT, "")
        raise Refused(
            f"the draft {known} was deleted in WordPress before it was published. "
            "If it is to go out all the same, send it anew"
        )

    def _by_slug(self, name: str) -> dict[str, Any] | None:
        try:
            return self._looked_up(name)
        except Unsure as error:
            if error.ask:
                raise
            raise Busy(str(error)) from None  # a look sends nothing, and no draft is known

    def _looked_up(self, name: str) -> dict[str, Any] | None:
        """What carries our slug, in whatever state, the trash among them."""
        both = f"{name},{name}__trashed"
        try:
            found = self._ask("GET", "/posts", slug=both, status=EVERYWHERE, per_page="10")
        except SignedOut:
            raise
        except Refused:
            self.profile()  # a missing right looks like a wrong parameter here
            raise
        if not isinstance(found, list) or not all(_is_post(one) for one in found):
            raise Unsure(f"{self.settings.url} does not answer as WordPress does")
        if len(found) > 1:
            links = ", ".join(str(one["link"]) for one in found)
            raise Unsure(f"WordPress has {len(found)} posts “{name}”: {links}", ask=True)
        return found[0] if found else None

    def _created(self, wanted: dict[str, Any]) -> dict[str, Any]:
        draft = self._ask("POST", "/posts", json=wanted | {"status": "draft"})
        if not _is_post(draft) or draft["status"] != "draft":
            raise Unsure("WordPress took the draft, but its answer does not show one")
        if draft["slug"] != wanted["slug"]:
            raise Unsure(
                f"WordPress has another post “{wanted['slug']}” that {self.settings.user} cannot "
                f"see; the new draft {draft['id']} is not published. Look at both",
                ask=True,
            )
        return draft

    def _read(self, known: str) -> dict[str, Any] | None:
        try:
            answer = self._ask("GET", f"/posts/{known}", context="edit")
        except NotFound as error:
            if MISSING in error.codes:
                return None
            raise  # the whole interface is away: that proves nothing
        if not _is_post(answer):
            raise Unsure(f"{self.settings.url} does not answer as WordPress does")
        return answer

    def _ask(
        self, method: str, route: str, *, json: Any = None, fields: str = FIELDS, **query: str
    ) -> Any:
        # This form works whether the site has pretty permalinks or not; with the other one a POST
        # to a site without them is answered 200 with its front page.
        params = {"rest_route": f"/wp/v2{route}", "_fields": fields, **query}
        try:
            return self._http.request(method, "/index.php", params=params, json=json).json()
        except SignedOut as error:
            raise SignedOut(
                f"{error}. WordPress does not accept the user {self.settings.user}: is the "
                "application password right and not revoked, may the user publish, and does the "
                "web server hand the Authorization header on?"
            ) from None


def _is_post(value: Any) -> TypeGuard[dict[str, Any]]:
    if not isinstance(value, dict):
        return False
    texts = all(isinstance(value.get(name), str) for name in ("slug", "status", "link"))
    return texts and type(value.get("id")) is int


def _receipt(standing: dict[str, Any]) -> Receipt:
    return Receipt(remote_id=str(standing["id"]), url=standing["link"])


def _stopped(standing: dict[str, Any]) -> NoReturn:
    """A person has decided otherwise in WordPress; their word counts."""
    if standing["status"] == "trash":
        raise Refused(
            f"the post {standing['id']} lies in the trash of WordPress: a person put it there. "
            "If it is to go out all the same, restore it or delete it for good, and send it anew"
        )
    raise Refused(
        f"the post {standing['id']} stands in WordPress as “{standing['status']}”: a person made "
        "it so. If it is to go out all the same, make it a draft there, and send it anew"
    )
