"""What actions return: frozen pictures of entities, for the handlers to render."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from bot.rules.polls import PollPlace, PollStatus
from bot.rules.posts import PlacementStatus, PostStatus
from bot.rules.stories import DeclineReason, StoryStatus


@dataclass(frozen=True)
class Choice:
    """Something to choose from in a form: what is stored, and what is read."""

    key: str
    name: str


@dataclass(frozen=True)
class PlatformChoice(Choice):
    """max_length: characters that it takes."""

    max_length: int


@dataclass(frozen=True)
class FormChoices:
    """What the proposal's form offers, from the strategy."""

    platforms: tuple[PlatformChoice, ...]
    pillars: tuple[Choice, ...]
    target_groups: tuple[Choice, ...]
    house_rules: tuple[str, ...]
    proposed_time: datetime  # UTC: the next moment without a post


@dataclass(frozen=True)
class MediaView:
    """A file that is kept; `path` is where its content is."""

    sha256: str
    content_type: str
    name: str
    path: Path
    slack_file_id: str | None

    @property
    def is_image(self) -> bool:
        return self.content_type.startswith("image/")


@dataclass(frozen=True)
class PlacementView:
    id: int
    platform_key: str
    platform: str
    by_hand: bool
    status: PlacementStatus
    planned_at: datetime
    published_at: datetime | None
    link: str | None
    deciders: tuple[str, ...]  # Slack user ids: whose decision it waits for
    owners: tuple[str, ...]  # who publishes it: owners and deputies
    approved_by: tuple[str, ...] = ()  # of the platform's people, the present revision
    missing: int = 0  # so many more of them have to approve
    waits_for: tuple[str, ...] = ()  # whose approval would count for that


@dataclass(frozen=True)
class DecisionView:
    platform: str
    revision: int
    verdict: str  # approve, request_changes, reject, agree (the follower's yes)
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

    @property
    def planned_at(self) -> datetime:
        return min(placement.planned_at for placement in self.placements)


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

    kind: str  # text, photo, voice
    text: str
    media: MediaView | None
    missing: bool  # the file is still to be fetched
    lost: bool  # the file could not be fetched


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
    links: tuple[str, ...]  # where it was published

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


@dataclass(frozen=True)
class AbsenceView:
    """The days on which a colleague is away; `uncovered`: where nobody stands in for them."""

    first_day: date
    last_day: date
    uncovered: tuple[str, ...]


@dataclass(frozen=True)
class HomeView:
    """App Home of one colleague."""

    waiting: tuple[PostView, ...]
    polls_waiting: tuple[PollView, ...]
    to_post: tuple[PlacementTask, ...]
    proposals: tuple[PostView, ...]
    planned: tuple[CalendarEntry, ...]
    may_be_away: bool = False  # decides for something, so that it matters
    absence: AbsenceView | None = None
    earlier_proposals: int = 0  # so many more than are in `proposals`
    is_admin: bool = False  # may change the settings


@dataclass(frozen=True)
class ColleagueView:
    slack_id: str
    name: str
    language: str
    timezone: str
