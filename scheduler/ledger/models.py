"""The tables: what was proposed, promised and done. Rows of every site carry its id."""

from django.db import models
from django.db.models import Q

from scheduler.nouns import DraftState, Key, State


class Draft(models.Model):
    """A post under review; mutable until it is approved."""

    marker = models.CharField(max_length=10, unique=True)
    site = models.CharField(max_length=80)
    article = models.CharField(max_length=80)
    day = models.CharField(max_length=120)
    first = models.DateField()
    channel = models.CharField(max_length=40)
    wave = models.CharField(max_length=20, default="day")
    round = models.PositiveIntegerField(default=1)

    state = models.CharField(max_length=20, default=DraftState.PROPOSED)
    post = models.TextField()  # Post.frozen()
    source = models.TextField()  # what an editor edits: Markdown for a blog, else the text
    inputs = models.JSONField()  # the points, template and digest it was worded from
    findings = models.JSONField(default=list)
    author = models.CharField(max_length=80)
    edited = models.BooleanField(default=False)
    note = models.TextField(default="")  # why it came back, or why it was turned down

    due_at = models.DateTimeField()
    not_after = models.DateTimeField()
    local_time = models.CharField(max_length=16)  # the local date and time that due_at stands for
    zone = models.CharField(max_length=60)
    tzdata = models.CharField(max_length=20)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("site", "article", "day", "first", "channel", "wave", "round"),
                name="one_draft_per_round",
            ),
        )

    @property
    def key(self) -> Key:
        return Key(
            site=self.site,
            article=self.article,
            day=self.day,
            first=self.first,
            channel=self.channel,
            wave=self.wave,
            round=self.round,
        )


class Delivery(models.Model):
    """An approved post and its fate. What was approved never changes (a trigger sees to it)."""

    marker = models.CharField(max_length=10, unique=True)
    key = models.CharField(max_length=400, unique=True)
    site = models.CharField(max_length=80)
    channel = models.CharField(max_length=40)
    draft = models.OneToOneField(Draft, on_delete=models.PROTECT)
    payload = models.TextField()
    digest = models.CharField(max_length=64)
    due_at = models.DateTimeField()
    approver = models.CharField(max_length=80)

    state = models.CharField(max_length=12, default=State.SCHEDULED)
    not_after = models.DateTimeField()
    try_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    owner = models.CharField(max_length=120, default="")
    claimed_at = models.DateTimeField(null=True)
    unsure_since = models.DateTimeField(null=True)
    look_at = models.DateTimeField(null=True)  # next look-up; null: none is owed
    absent_reads = models.PositiveIntegerField(default=0)
    asked = models.BooleanField(default=False)  # a person was asked (D13)
    saved = models.JSONField(default=dict)  # remote ids of the steps of a two-phase send
    remote_id = models.CharField(max_length=400, default="")
    url = models.CharField(max_length=2000, default="")
    sent_at = models.DateTimeField(null=True)
    note = models.TextField(default="")

    class Meta:
        indexes = (
            models.Index(
                fields=("try_at",), name="delivery_due", condition=Q(state=State.SCHEDULED)
            ),
            models.Index(
                fields=("not_after",), name="delivery_overdue", condition=Q(state=State.SCHEDULED)
            ),
            models.Index(
                fields=("claimed_at",), name="delivery_sending", condition=Q(state=State.SENDING)
            ),
            models.Index(
                fields=("look_at",), name="delivery_unsure", condition=Q(state=State.UNSURE)
            ),
        )


class Event(models.Model):
    """One entry of the audit trail: append-only, each carrying the hash of the one before."""

    site = models.CharField(max_length=80)
    at = models.DateTimeField()
    who = models.CharField(max_length=80)
    what = models.CharField(max_length=40)
    subject = models.CharField(max_length=120)
    detail = models.TextField(default="")
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)


class Pause(models.Model):
    """An open pause of one channel, or of everything (`channel` empty)."""

    site = models.CharField(max_length=80)
    channel = models.CharField(max_length=40, blank=True)
    by = models.CharField(max_length=80)
    reason = models.TextField()
    since = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("site", "channel"), name="one_pause_per_channel"),
        )


class HighWater(models.Model):
    """The latest moment that a publisher has seen; a clock behind it is doubted."""

    site = models.CharField(max_length=80, unique=True)
    at = models.DateTimeField()
