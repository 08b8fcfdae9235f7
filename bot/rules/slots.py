"""Fixed moments: what the form of one must be."""

from collections.abc import Collection
from datetime import date, time, timedelta

from bot.rules.calendar import MAX_LEAD, Skip, is_weekend
from bot.rules.people import PlatformPeople
from bot.rules.recurrence import days
from bot.rules.refusals import InvalidForm, Mention, Refusal

MAX_TITLE = 75  # as in the strategy file
TO_LOOK_AHEAD = timedelta(days=366 * 9)


def check_draft(
    title: str, lead: int, owner: str | None, first_day: date, people: PlatformPeople
) -> None:
    """Raises InvalidForm for title, lead, owner, first_day."""
    errors = {}
    if not title.strip():
        errors["title"] = Refusal("Give it a title, so that everybody knows which one is meant.")
    elif len(title.strip()) > MAX_TITLE:
        errors["title"] = Refusal("The title has {limit} characters at most.", limit=MAX_TITLE)
    if not 1 <= lead <= MAX_LEAD:
        errors["lead"] = Refusal("Choose a number of days from 1 to {limit}.", limit=MAX_LEAD)
    if first_day == date.min:
        errors["first_day"] = Refusal("Choose a first day.")
    if owner is not None:
        check_owner(owner, people, errors)
    if errors:
        raise InvalidForm(errors)


def check_owner(owner: str, people: PlatformPeople, errors: dict[str, Refusal]) -> None:
    """One of the platform's people: they can do something about it."""
    able = (*people.owners, *people.deputies)
    if owner not in able:
        errors["owner"] = Refusal(
            "{owner} is not responsible for {platform}. Choose one of {people}, or nobody: then "
            "every owner is reminded.",
            owner=Mention(owner),
            platform=people.name,
            people=tuple(Mention(each) for each in dict.fromkeys(able)),
        )


def check_some_day_comes(rule: str, at: time, since: date, skip: Collection[Skip]) -> None:
    """Raises InvalidForm for often, where no day is left of the rule."""
    coming = days(rule, at, since, since, since + TO_LOOK_AHEAD)
    if not any(Skip.WEEKENDS not in skip or not is_weekend(day) for day in coming):
        raise InvalidForm(
            {"often": Refusal("No day is left then. Choose other days, or skip fewer of them.")}
        )
