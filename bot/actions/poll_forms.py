"""What the form of a poll offers."""

from dataclasses import dataclass

from sqlmodel import col, select

from bot.actions.poll_views import post_choice, telegram_people
from bot.actions.transaction import Transaction, query
from bot.actions.views import Choice
from bot.rules.refusals import Refusal
from storage.models import Goal, TargetGroup
from storage.queries.poll_results import newest_posts, present_texts

MOST_POSTS = 50


@dataclass(frozen=True)
class PollChoices:
    """posts: that a poll can serve, the newest first."""

    target_groups: tuple[Choice, ...] = ()
    goals: tuple[Choice, ...] = ()
    posts: tuple[Choice, ...] = ()


@query
def choices(tx: Transaction) -> PollChoices:
    """Raises Refusal while there is nobody who could decide."""
    if not telegram_people(tx):
        raise Refusal(
            "Polls go out on Telegram, which is not in our strategy yet. "
            "Ask an administrator to add it in the settings."
        )
    groups = tx.session.exec(
        select(TargetGroup).where(col(TargetGroup.active)).order_by(col(TargetGroup.position))
    )
    goals = tx.session.exec(select(Goal).where(col(Goal.active)).order_by(col(Goal.deadline)))
    posts = present_texts(tx.session, newest_posts(tx.session, MOST_POSTS))
    return PollChoices(
        target_groups=tuple(Choice(group.key, group.name) for group in groups),
        goals=tuple(Choice(goal.key, goal.name) for goal in goals),
        posts=tuple(post_choice(post_id, text) for post_id, text in posts),
    )
