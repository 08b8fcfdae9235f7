"""What is out of a story and has to come down: whoever is responsible for the platform hears it."""

from bot.actions.approvals import people_of
from bot.actions.transaction import Transaction
from storage.models import Platform
from storage.queries.erasing import published_placements


def ask_to_take_down(tx: Transaction, story_id: int) -> int:
    """A notice to the owners of every platform where something of it is out, or may be; in how
    many places that is. The same place is asked for once."""
    places = published_placements(tx.session, story_id)
    for placement in places:
        platform = tx.session.get_one(Platform, placement.platform_key)
        for person in people_of(tx, platform).hands:
            tx.notify_slack(
                person,
                "story.take_down",
                f"placement:{placement.id}:take down:{person}",
                placement_id=placement.id,
            )
    return len(places)
