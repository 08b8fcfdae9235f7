"""The tables, a module per word. Importing this package knows them all.

A `datetime` is a moment, kept in UTC and aware of it; a `NaiveDatetime` is wall time.
"""

from storage.models.audit import AuditEntry
from storage.models.calendar import Occurrence, Reminder, ReminderMessage, Slot
from storage.models.colleagues import Absence, Colleague
from storage.models.drafts import Draft
from storage.models.feeds import Feed
from storage.models.figures import Measurement
from storage.models.followers import FORGOTTEN, AudienceCount, Erasure, Follower
from storage.models.intake import HandledUpdate, ParkedUpdate
from storage.models.media import Media
from storage.models.notices import Card, Notice
from storage.models.polls import Poll, PollOption, Press, Vote
from storage.models.posts import (
    Decision,
    Placement,
    Post,
    PostTopic,
    Revision,
    RevisionMedia,
    RevisionText,
)
from storage.models.special_days import SpecialDay
from storage.models.stories import Call, Consent, Story, StoryPart, Takedown
from storage.models.strategy import (
    Goal,
    HouseRule,
    Organisation,
    Pillar,
    Platform,
    Retention,
    Statement,
    TargetGroup,
    Topic,
)

__all__ = [
    "FORGOTTEN",
    "Absence",
    "AudienceCount",
    "AuditEntry",
    "Call",
    "Card",
    "Colleague",
    "Consent",
    "Decision",
    "Draft",
    "Erasure",
    "Feed",
    "Follower",
    "Goal",
    "HandledUpdate",
    "HouseRule",
    "Measurement",
    "Media",
    "Notice",
    "Occurrence",
    "Organisation",
    "ParkedUpdate",
    "Pillar",
    "Placement",
    "Platform",
    "Poll",
    "PollOption",
    "Post",
    "PostTopic",
    "Press",
    "Reminder",
    "ReminderMessage",
    "Retention",
    "Revision",
    "RevisionMedia",
    "RevisionText",
    "Slot",
    "SpecialDay",
    "Statement",
    "Story",
    "StoryPart",
    "Takedown",
    "TargetGroup",
    "Topic",
    "Vote",
]
