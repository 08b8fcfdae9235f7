"""Exports of platforms' own pages, with their headings as they are and made-up figures."""

import codecs
from datetime import timedelta
from hashlib import sha256

import pytest
from sqlmodel import Session, select

from bot.actions import figures, figures_file, posts
from bot.actions.strategy import LoadReport
from bot.actions.transaction import Desk
from bot.rules.figures_file import normal, read
from bot.rules.posts import PlacementStatus
from bot.rules.tables import LARGEST, RowMistakes
from storage.models import Measurement, Notice, Placement, Platform
from tests.actions.test_posts import draft
from tests.conftest import StandingClock
from tests.factories import ADMIN, OTHER_OWNER, OWNER, PROPOSER

INSTAGRAM = """\
Post ID,Account ID,Account username,Account name,Description,Duration (sec),Publish time,\
Permalink,Post type,Data comment,Date,Views,Reach,Likes,Shares,Follows,Comments,Saves
17900000000000001,1784,leestafel,De Leestafel,"Games, 40 of them",0,03/13/2026 10:00,\
https://www.instagram.com/p/AbC123/,IG image,,Lifetime,"2,204","1,812",40,3,1,5,7
17900000000000002,1784,leestafel,De Leestafel,Another,0,03/14/2026 10:00,\
https://www.instagram.com/reel/Zzz999/,IG reel,,Lifetime,90,80,4,0,0,0,1
"""
FACEBOOK_NL = """\
Bericht-id;Pagina-id;Paginanaam;Titel;Beschrijving;Publicatietijdstip;Permalink;Weergaven;Bereik;\
Reacties, opmerkingen en keren gedeeld;Reacties;Opmerkingen;Keren gedeeld;Totaal aantal klikken
12200001;555;De Leestafel;Spelletjes;Veertig;13-03-2026 10:00;\
https://www.facebook.com/leestafel/posts/pfbid02xyz;3.100;2.204;48;40;5;3;1.012
"""
LINKEDIN = """\
Aggregated organic engagement metrics of the posts of your page\t\t\t\t\t\t
Post title\tPost link\tPost type\tCreated date\tImpressions\tClicks\tClick through rate (CTR)\t\
Likes\tComments\tReposts
Games\thttps://www.linkedin.com/feed/update/urn:li:activity:7300000000000000001\tOrganic\t\
03/13/2026\t1200\t30\t0.025\t12\t2\t1
"""
AT = "instagram.com/leestafel/p/AbC123"


async def out(desk: Desk, link: str, platform: str = "instagram") -> int:
    """A post that is published there; its placement."""
    post = await posts.propose(desk, PROPOSER, f"form {link}", draft(platform_keys=(platform,)))

    def publish(session: Session) -> int:
        placement = session.exec(select(Placement).where(Placement.post_id == post.id)).one()
        placement.status, placement.link = PlacementStatus.PUBLISHED, link
        placement.published_at = placement.planned_at
        return placement.id or 0

    return await desk.database.write(publish)


async def bring_in(desk: Desk, content: bytes, by: str | None = None) -> LoadReport:
    rows = read(content, LARGEST)
    return await figures_file.bring_in(desk, by, rows, sha256(content).hexdigest())


async def measured(desk: Desk) -> list[tuple[str, int]]:
    rows = await desk.database.read(lambda s: list(s.exec(select(Measurement))))
    return [(row.metric, row.value) for row in rows]


async def test_an_export_of_instagram(desk: Desk) -> None:
    placement = await out(desk, "https://instagram.com/reel/AbC123/?igsh=x")
    report = await bring_in(desk, INSTAGRAM.encode())
    assert (report.added, report.changed, report.unchanged) == (1, 0, 0)
    assert [left.line for left in report.left_out] == [3]
    assert await measured(desk) == [
        ("reach", 1812),
        ("likes", 40),
        ("comments", 5),
        ("shares", 3),
        ("saves", 7),
    ]
    (notice,) = await desk.database.read(
        lambda s: list(s.exec(select(Notice).where(Notice.kind == "figures.first")))
    )
    assert (notice.recipient, notice.payload["placement_ids"]) == (PROPOSER, [placement])


async def test_an_export_of_facebook_in_dutch(desk: Desk) -> None:
    await desk.database.write(_as_facebook)
    await out(desk, "https://facebook.com/leestafel/posts/pfbid02xyz/?mibextid=1")
    report = await bring_in(desk, codecs.BOM_UTF16_LE + FACEBOOK_NL.encode("utf-16-le"))
    assert (report.added, report.left_out) == (1, ())
    assert await measured(desk) == [
        ("reach", 2204),
        ("likes", 40),
        ("comments", 5),
        ("shares", 3),
        ("clicks", 1012),
    ]


def _as_facebook(session: Session) -> None:
    session.get_one(Platform, "instagram").name = "Facebook"


async def test_an_export_of_linkedin_begins_with_some_words(desk: Desk) -> None:
    await out(desk, "https://linkedin.com/posts/leestafel_games-activity-7300000000000000001-aB")
    report = await bring_in(desk, LINKEDIN.encode("utf-8-sig"))
    assert (report.added, report.left_out) == (1, ())
    assert ("reach", 1200) in await measured(desk)
    assert ("shares", 1) in await measured(desk)


@pytest.mark.parametrize(("minutes", "matched"), [(0, 1), (14, 1), (16, 0)])
async def test_a_post_is_found_by_its_time_where_the_address_differs(
    desk: Desk, minutes: int, matched: int
) -> None:
    placement_id = await out(desk, "https://instagram.com/leestafel")
    (task,) = await figures.show(desk, [placement_id])
    assert task.placement.planned_at
    local = (task.placement.planned_at + timedelta(minutes=minutes)).astimezone(desk.zone)
    content = INSTAGRAM.replace("03/13/2026 10:00", f"{local:%m/%d/%Y %H:%M}")
    assert (await bring_in(desk, content.encode())).added == matched


async def test_the_same_file_twice_makes_no_double_and_undoes_no_correction(
    desk: Desk, clock: StandingClock
) -> None:
    placement_id = await out(desk, "https://instagram.com/p/AbC123")
    await bring_in(desk, INSTAGRAM.encode())
    await figures.enter(desk, OTHER_OWNER, placement_id, {"reach": "1900"}, {"reach": 1812})
    again = await bring_in(desk, INSTAGRAM.encode())
    assert (again.added, again.changed, again.unchanged) == (0, 0, 1)
    (task,) = await figures.show(desk, [placement_id])
    assert task.placement.figures[0].value == 1900
    later = await bring_in(desk, INSTAGRAM.replace('"1,812"', '"2,000"').encode())
    assert later.changed == 1
    (task,) = await figures.show(desk, [placement_id])
    assert task.placement.figures[0].value == 2000


async def test_figures_of_somebody_elses_platform_are_left_out(desk: Desk) -> None:
    await out(desk, "https://instagram.com/p/AbC123")
    report = await bring_in(desk, INSTAGRAM.encode(), OWNER)
    assert (report.added, len(report.left_out)) == (0, 2)
    assert (await bring_in(desk, INSTAGRAM.encode(), ADMIN)).added == 1


def test_every_bad_row_is_named_and_a_post_comes_once() -> None:
    rows = INSTAGRAM.splitlines(keepends=True)
    content = INSTAGRAM.replace('"1,812"', "lots") + rows[2].replace(",80,", ",81,")
    with pytest.raises(RowMistakes) as wrong:
        read(content.encode(), LARGEST)
    assert [(m.line, m.values) for m in wrong.value.mistakes] == [
        (2, {"typed": "lots", "example": "1234"}),
        (4, {"first": 3}),
    ]


@pytest.mark.parametrize("content", ["", "a,b\n1,2\n", "Permalink;Title\nx;y\n", "PK\x03\x04"])
def test_what_is_no_export_is_refused(content: str) -> None:
    with pytest.raises(RowMistakes) as wrong:
        read(content.encode(), LARGEST)
    assert wrong.value.mistakes[0].line == 0


def test_dates_are_read_as_the_whole_file_shows() -> None:
    def first(date: str, other: str = "") -> str:
        rows = f"Publish time,Permalink,Reach\n{date},x.com/1,5\n"
        return str(read((rows + (f"{other},x.com/2,5\n" if other else "")).encode(), 999)[0].at)

    assert first("03/02/2026 10:00") == "2026-03-02 10:00:00"
    assert first("03/02/2026 10:00", "13/02/2026 10:00") == "2026-02-03 10:00:00"
    assert first("03-02-2026 10:00") == "2026-02-03 10:00:00"
    assert first("3/2/2026 10:05 PM") == "2026-03-02 22:05:00"
    assert first("2026-03-02T10:00:00+0000") == "2026-03-02 10:00:00"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://www.instagram.com/p/AbC/?igsh=1", "instagram.com/reel/AbC"),
        ("https://m.facebook.com/x/posts/1/", "http://facebook.com/x/posts/1?ref=2"),
        ("https://facebook.com/photo?fbid=7&set=a", "https://www.facebook.com/photo/?fbid=7"),
        ("https://t.me/leestafel/7", "https://t.me/leestafel/7?single"),
    ],
)
def test_addresses_of_one_post_are_one(one: str, other: str) -> None:
    assert normal(one) == normal(other)
    assert normal(one) != normal(one.replace("AbC", "abc").replace("1", "2").replace("7", "8"))
