"""What actions return: frozen pictures of entities, for the handlers to render."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Generic, TypeVar

from bot.actions.proposals import Proposal
from bot.rules.figures import Metric
from bot.rules.polls import PollPlace, PollStatus
from bot.rules.posts import PlacementStatus, PostStatus
from bot.rules.stories import DeclineReason, Purpose, StoryStatus

T = TypeVar("T")

_S = PlacementStatus


@dataclass(frozen=True)
class Choice:
    """Something to choose from in a form: what is stored, and what is read."""

    key: str
    name: str


@dataclass(frozen=True)
class PlatformChoice(Choice):
    """max_length: characters that it takes; max_images: pictures."""

    max_length: int
    max_images: int


@dataclass(frozen=True)
class FormChoices:
    """What the proposal's form offers, from the strategy."""

    platforms: tuple[PlatformChoice, ...]
    pillars: tuple[Choice, ...]
    target_groups: tuple[Choice, ...]
    goals: tuple[Choice, ...]
    house_rules: tuple[str, ...]
    proposed_time: datetime  # UTC: the next moment without a post


@dataclass(frozen=True)
class MediaView:
    """A file that is kept; `path` is where its content is, `alt` what can be seen in it."""

    sha256: str
    content_type: str
    name: str
    path: Path
    slack_file_id: str | None
    alt: str = ""

    @property
    def is_image(self) -> bool:
        return self.content_type.startswith("image/")


@dataclass(frozen=True)
class Figure:
    """What a platform counted, as it was known at that moment."""

    metric: Metric
    value: int
    at: datetime


@dataclass(frozen=True)
class PlacementView:
    id: int
    platform_key: str
    platform: str
    by_hand: bool
    status: PlacementStatus
    text: str  # what it says there
    planned_at: datetime | None  # None: no date yet
    published_at: datetime | None
    link: str | None
    deciders: tuple[str, ...]  # Slack user ids: whose decision it waits for
    owners: tuple[str, ...]  # who publishes it: owners and deputies
    approved_by: tuple[str, ...] = ()  # of the platform's people, the present revision
    missing: int = 0  # so many more of them have to approve
    waits_for: tuple[str, ...] = ()  # whose approval would count for that
    held_until: datetime | None = None  # whoever decides wants to wait until then
    held_by: str | None = None  # Slack user id
    escalated_at: datetime | None = None  # since then the deputies decide, too
    metrics: tuple[Metric, ...] = ()  # what its platform counts
    figures: tuple[Figure, ...] = ()  # in the order of Metric
    has_no_figures: bool = False  # somebody said that there are none


@dataclass(frozen=True)
class DecisionView:
    platform: str
    revision: int
    verdict: str  # approve, request_changes, reject, hold, agree (the follower's yes)
    by: str | None  # Slack user id; None: the follower
    reason: str
    at: datetime
    label: str = ""  # what a request for changes is about
    topic: str | None = None  # decided for this topic, not for the platform


@dataclass(frozen=True)
class TopicView:
    """A sensitive topic that a post is about; `since` is the revision in which it came up."""

    name: str
    statement: str
    since: int
    owner: str  # Slack user id
    waits_for: tuple[str, ...]  # whose decision is still needed for it


@dataclass(frozen=True)
class Wording:
    """What a post says on these platforms, by their names."""

    text: str
    platforms: tuple[str, ...]


@dataclass(frozen=True)
class PostView:
    """A post in its present revision; `decisions` are of every revision, oldest first."""

    id: int
    status: PostStatus
    revision: int
    text: str
    images: tuple[MediaView, ...]
    proposer: str
    pillar: Choice | None
    target_group: Choice | None
    why: str
    source_link: str | None
    story_id: int | None
    credit: str | None
    created_at: datetime
    changed_at: datetime
    placements: tuple[PlacementView, ...]
    decisions: tuple[DecisionView, ...]
    topics: tuple[TopicView, ...] = ()
    goal: Choice | None = None
    house_rules: tuple[str, ...] = ()  # that the author of this revision confirmed
    unconfirmed: tuple[str, ...] = ()  # those that hold and that they left open

    @property
    def planned_at(self) -> datetime | None:
        """None: no date yet."""
        return min((p.planned_at for p in self._left if p.planned_at), default=None)

    @property
    def wordings(self) -> tuple[Wording, ...]:
        """Every text of it that goes out somewhere, with the platforms that say so."""
        texts = dict.fromkeys(placement.text for placement in self._left)
        return tuple(
            Wording(text, tuple(p.platform for p in self.placements if p.text == text))
            for text in texts
        )

    @property
    def _left(self) -> tuple[PlacementView, ...]:
        """The placements that are still part of it; where all is over, every one."""
        over = (_S.REJECTED, _S.WITHDRAWN)
        return tuple(p for p in self.placements if p.status not in over) or self.placements


@dataclass(frozen=True)
class PlacementTask:
    """One placement with its post, for whoever publishes it."""

    post: PostView
    placement: PlacementView


@dataclass(frozen=True)
class OptionView:
    id: int
    text: str
    private_votes: int
    channel_votes: int

    @property
    def votes(self) -> int:
        return self.private_votes + self.channel_votes


@dataclass(frozen=True)
class PollView:
    id: int
    status: PollStatus
    question: str
    options: tuple[OptionView, ...]
    place: PollPlace
    proposer: str
    closes_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    reason: str
    closed_at: datetime | None
    closed_by: str | None
    native_message_id: int | None

    @property
    def votes(self) -> int:
        return sum(option.votes for option in self.options)


@dataclass(frozen=True)
class Ballot:
    """A poll as one follower sees it in private; `chosen` is an option's id."""

    poll: PollView
    chosen: int | None
    language: str


@dataclass(frozen=True)
class FollowerView:
    id: int
    first_name: str
    last_name: str | None
    language: str
    subscribed: bool


@dataclass(frozen=True)
class CallView:
    key: str
    question: str
    explanation: str
    closes_at: datetime | None


@dataclass(frozen=True)
class PartView:
    """One message of a story; `media` is None for text, and until the file is fetched."""

    kind: str  # text, photo, video, voice
    text: str
    media: MediaView | None
    missing: bool  # the file is still to be fetched
    lost: bool  # the file could not be fetched
    id: int = 0
    message_id: int = 0  # in the follower's chat
    alt: str | None = None  # what can be seen in a photo; None: nobody said it yet


@dataclass(frozen=True)
class PlaceView:
    """Where a story is, or will be, on one platform."""

    platform: str
    status: PlacementStatus
    planned_at: datetime | None
    link: str | None
    gone_by: datetime | None = None  # it is withdrawn, and taken away until then
    gone_at: datetime | None = None

    @property
    def is_out(self) -> bool:
        return self.status is _S.PUBLISHED and self.gone_at is None


@dataclass(frozen=True)
class TakedownView:
    """A placement that is to be taken away."""

    id: int
    platform: str
    text: str
    link: str | None
    due_at: datetime
    is_late: bool
    done_at: datetime | None
    done_by: str | None  # Slack user id; None: the bot
    published_at: datetime | None = None
    follower_hears: bool = True  # when it is done; who had everything erased, does not


@dataclass(frozen=True)
class StoryView:
    id: int
    status: StoryStatus
    text: str  # of all parts
    parts: tuple[PartView, ...]
    credit: str | None  # None: anonymous, or not chosen yet
    call: CallView | None
    receipt: str | None
    submitted_at: datetime | None
    handled_by: str | None
    handled_at: datetime | None
    decline_reason: DeclineReason | None
    post_id: int | None
    language: str  # the follower's
    held: bool = False  # it has links, and its teller is new: somebody looks at them first
    blocked: bool = False  # its teller
    same_as: str | None = None  # the number of an earlier one of the same teller, word for word
    places: tuple[PlaceView, ...] = ()  # of the posts that were made of it; what is out first
    edited_at: datetime | None = None  # after it was sent in
    asked: Purpose | None = None  # the yes that is still missing
    awaits_yes: bool = False  # the follower has the edited version before them

    @property
    def links(self) -> tuple[str, ...]:
        """Where it can be seen."""
        return tuple(place.link for place in self.places if place.is_out and place.link)

    @property
    def to_describe(self) -> tuple[PartView, ...]:
        """The photos of which nobody said yet what can be seen in them."""
        return tuple(p for p in self.parts if p.kind == "photo" and p.alt is None)

    @property
    def images(self) -> tuple[MediaView, ...]:
        return tuple(p.media for p in self.parts if p.media and p.media.is_image)


@dataclass(frozen=True)
class CalendarEntry:
    """A planned placement, or an occurrence of a slot that has no post yet."""

    at: datetime
    platform: str
    title: str  # the post's first line, or the slot's title
    status: PlacementStatus | None  # None: nothing planned for this occurrence
    is_skipped: bool = False
    moved_from: datetime | None = None
    platform_key: str = ""
    post_id: int | None = None
    placement_id: int | None = None
    slot_id: int | None = None  # of an occurrence; with the day that its slot means
    slot_day: date | None = None


@dataclass(frozen=True)
class FileOnSlack:
    """A picture that is still only on Slack, by its id there."""

    id: str
    name: str


@dataclass(frozen=True)
class DraftView:
    """What somebody typed and has not proposed. `version` and `request_key` are for the form
    that continues it."""

    id: int
    proposal: Proposal
    images: tuple[MediaView, ...]  # of the proposal
    on_slack: tuple[FileOnSlack, ...]  # its other pictures
    credit: str | None  # how the follower is named, where it is of a story
    version: int
    request_key: str
    changed_at: datetime


@dataclass(frozen=True)
class AbsenceView:
    """The days on which a colleague is away; `uncovered`: where nobody stands in for them."""

    first_day: date
    last_day: date
    uncovered: tuple[str, ...]
    has_begun: bool = True


@dataclass(frozen=True)
class Page(Generic[T]):
    """What is shown of a list at once. number: counts from 0; left: so many more come after it."""

    shown: tuple[T, ...] = ()
    number: int = 0
    left: int = 0


@dataclass(frozen=True)
class HomeView:
    """App Home of one colleague, the most urgent first."""

    by: str  # Slack user id: whose it is
    waiting: Page[PostView] = Page()  # the soonest first, what has no date last
    polls_waiting: Page[PollView] = Page()
    to_post: Page[PlacementTask] = Page()
    changes_asked: Page[PostView] = Page()  # of their own proposals
    drafts: Page[DraftView] = Page()  # the newest first
    proposals: Page[PostView] = Page()  # their own; of which something is still to come, first
    week: Page[CalendarEntry] = Page()
    backlog: Page[PostView] = Page()  # everybody's proposals without a date, the newest first
    decides: bool = False  # for something, so that it matters whether they are there
    absence: AbsenceView | None = None
    is_admin: bool = False  # may change the settings


@dataclass(frozen=True)
class ColleagueView:
    slack_id: str
    name: str
    language: str
    timezone: str
