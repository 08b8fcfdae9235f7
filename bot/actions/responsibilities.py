"""Who is named for a part of the strategy, or not any more, hears so."""

from dataclasses import dataclass

from bot.actions import strategy
from bot.actions.transaction import Transaction, query
from bot.rules import settings as rules
from bot.rules.settings import Difference


@dataclass(frozen=True)
class Responsibility:
    """A part of the strategy and its people, the most responsible first (Slack user ids).

    people: empty where the part is not used any more.
    """

    name: str
    people: tuple[str, ...]


def tell(tx: Transaction, by: str, change: Difference, entry_id: int) -> None:
    """Everybody but the admin who did it. entry_id: of the audit, so that it is told once."""
    before = rules.people_in(change.kind, change.before)
    after = rules.people_in(change.kind, change.after)
    for person in dict.fromkeys([*before, *after]):
        if person == by or before.get(person) == after.get(person):
            continue
        tx.notify_slack(
            person,
            "responsibility.named" if person in after else "responsibility.over",
            f"strategy:{entry_id}:{person}",
            who=by,
            part=change.kind,
            part_key=rules.identity(change.part),
            field=after.get(person),
        )


@query
def show(
    tx: Transaction, part: str, key: str, person: str, field: str | None
) -> Responsibility | None:
    """None where it is different by now: the person is not named in `field` (None: nowhere)."""
    for in_use in (True, False):
        for each in strategy.kept(tx, part, in_use=in_use):
            if rules.identity(each) == key:
                people = rules.people_in(part, each) if in_use else {}
                found = Responsibility(rules.name_of(each), tuple(people))
                return found if people.get(person) == field else None
    return None
