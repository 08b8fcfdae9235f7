"""What tests start from: a small strategy, and short ways to make entities."""

from datetime import date, time, timedelta

from sqlmodel import Session

from bot.actions.transaction import Desk
from bot.rules.posts import PlacementStatus, PostStatus
from storage.models import (
    Call,
    HouseRule,
    Organisation,
    Pillar,
    Placement,
    Platform,
    Post,
    Revision,
    Slot,
    TargetGroup,
)

PROPOSER = "U03COLLEAGUE"
OWNER = "U01OWNER"
OTHER_OWNER = "U02OWNER"
ADMIN = "U09ADMIN"


def add_strategy(session: Session) -> None:
    """Two platforms (one by the bot, one by hand), two pillars, a group, a slot, a call."""
    session.add(Organisation(name="Bibliotheek De Leestafel"))
    session.add(
        Platform(
            key="telegram",
            name="Telegram",
            position=0,
            publish="telegram",
            cadence=3,
            max_length=4096,
            max_images=10,
            owners=[OWNER],
            deputies=[OTHER_OWNER],
        )
    )
    session.add(
        Platform(
            key="instagram",
            name="Instagram",
            position=1,
            publish="by hand",
            cadence=2,
            max_length=2200,
            max_images=10,
            owners=[OTHER_OWNER],
        )
    )
    session.add(Pillar(key="information", name="Information", share=0.6))
    session.add(Pillar(key="story", name="Story", share=0.4, position=1))
    session.add(TargetGroup(key="parents", name="Parents of young children"))
    session.flush()
    session.add(
        Slot(
            platform_key="telegram",
            pillar_key="information",
            title="Book tip",
            rule="FREQ=WEEKLY;BYDAY=MO",
            time=time(10, 0),
            since=date(2026, 3, 1),
        )
    )
    session.add(HouseRule(text="People in a picture agreed to it"))
    session.add(Call(key="winter", question="Which book warms you in winter?"))


async def with_posts(desk: Desk, many: int, waiting: int) -> None:
    """So many posts for Telegram, an hour apart: the first wait, the others are published."""

    def add(session: Session) -> None:
        for n in range(many):
            open_one = n < waiting
            status = PlacementStatus.PROPOSED if open_one else PlacementStatus.PUBLISHED
            at = desk.clock() + timedelta(hours=n + 1 if open_one else -n)
            post = Post(
                request_key=f"many {n}",
                status=PostStatus(status),
                proposer=PROPOSER if n % 2 else OTHER_OWNER,
                created_at=at,
                changed_at=at,
            )
            session.add(post)
            session.flush()
            assert post.id is not None
            session.add(
                Revision(
                    post_id=post.id, number=1, text=f"Post {n}", author=PROPOSER, created_at=at
                )
            )
            session.add(
                Placement(
                    post_id=post.id,
                    platform_key="telegram",
                    status=status,
                    planned_at=at,
                    planned_local=at.replace(tzinfo=None),
                    planned_zone="UTC",
                )
            )

    await desk.database.write(add)
