"""Stories: told, submitted, handled by colleagues, agreed to, withdrawn, published."""

from datetime import timedelta

import pytest

from bot.actions import decisions, followers, media, posts, publishing, stories
from bot.actions.transaction import Desk, Transaction
from bot.actions.views import PostView, StoryView
from bot.rules.posts import PlacementStatus, PostAction, PostStatus
from bot.rules.refusals import InvalidForm, NotThere, Refusal
from bot.rules.stories import (
    MAX_PARTS,
    MAX_TEXT,
    DeclineReason,
    NamedAs,
    Purpose,
    StoryStatus,
    StoryStep,
)
from storage.models import Consent, Decision, Follower, Placement, Story, StoryPart
from tests.actions.audience import (
    DECIDER,
    FATIMA,
    JAN,
    PIXEL,
    accept,
    audited,
    await_follower,
    kinds,
    notices,
    rows,
    submit,
    tell,
    update,
)
from tests.conftest import StandingClock
from tests.factories import OWNER

REVIEW = "C01REVIEW"
STRANGER = "U08STRANGER"


async def draft(desk: Desk) -> StoryView:
    found = await stories.draft_of(desk, FATIMA.id)
    assert found is not None
    return found


async def test_the_whole_conversation(desk: Desk) -> None:
    told = await tell(desk)
    assert (told.status, told.credit, told.language) == (StoryStatus.PREVIEW, "Fatima", "nl")
    assert told.text == "I read by the fire."
    assert [(part.kind, part.missing) for part in told.parts] == [("text", False), ("photo", True)]
    await stories.step(update(desk), FATIMA, told.id, StoryStep.SUBMIT)
    story = await stories.show(desk, told.id)
    assert story.status is StoryStatus.SUBMITTED
    assert story.submitted_at == desk.clock()
    assert story.receipt is not None
    assert len(story.receipt) == 6
    asked = [
        (notice.kind, notice.payload.get("parts", notice.payload.get("status")))
        for notice in await notices(desk, to=FATIMA.id)
    ]
    assert asked == [
        ("story.prompt", 0),
        ("story.prompt", 1),
        ("story.prompt", 2),
        ("story.step", "describing"),
        ("story.step", "naming"),
        ("story.step", "age"),
        ("story.step", "consent"),
        ("story.step", "consent"),
        ("story.step", "preview"),
        ("story.received", None),
    ]
    assert await kinds(desk, REVIEW) == ["story.card"]
    assert await audited(desk, "story") == [("telegram:1001", "submit")]
    assert await stories.draft_of(desk, FATIMA.id) is None
    assert await stories.waiting(desk) == (story,)


async def test_the_ledger_keeps_what_was_shown(desk: Desk) -> None:
    told = await tell(desk)
    consent, people = await rows(desk, Consent)
    assert people.text == await stories.consent_text(desk, told.id, Purpose.PEOPLE)
    assert people.purpose == "people"
    assert consent.text == await stories.consent_text(desk, told.id)
    assert "Bibliotheek De Leestafel" in consent.text
    assert "Fatima" in consent.text
    assert (consent.purpose, consent.language, consent.version) == ("publish", "nl", "2")
    assert consent.agreed_at == desk.clock()


async def test_the_ledger_prefers_what_stood_in_the_chat(desk: Desk) -> None:
    await begin_and_reach(desk, StoryStatus.CONSENT)
    story = await draft(desk)
    step = StoryStep.AGREE
    await stories.step(update(desk), FATIMA, story.id, step, shown_consent="What I saw.")
    assert [consent.text for consent in await rows(desk, Consent)] == ["What I saw."]


@pytest.mark.parametrize(
    ("named_as", "credit"),
    [
        (NamedAs.FULL, "Fatima El Amrani"),
        (NamedAs.FIRST, "Fatima"),
        (NamedAs.ANONYMOUS, None),
        (None, None),
    ],
)
async def test_how_the_follower_is_named(
    desk: Desk, named_as: NamedAs | None, credit: str | None
) -> None:
    await begin_and_reach(desk, StoryStatus.NAMING)
    story = await draft(desk)
    await stories.step(update(desk), FATIMA, story.id, StoryStep.NAME, named_as)
    assert (await draft(desk)).credit == credit
    assert (credit or "El Amrani") in await stories.consent_text(desk, story.id) or not credit


async def test_begin_again_goes_on_with_the_draft(desk: Desk) -> None:
    await stories.begin(update(desk), FATIMA)
    await stories.add_part(update(desk), FATIMA, 1, "text", "One")
    await stories.begin(update(desk), FATIMA, "winter")
    assert len(await rows(desk, Story)) == 1
    last = (await notices(desk, to=FATIMA.id))[-1]
    assert (last.kind, last.payload["parts"]) == ("story.prompt", 1)
    call = (await draft(desk)).call
    assert call is not None
    assert call.key == "winter"


async def test_a_press_on_an_earlier_step_is_refused(desk: Desk) -> None:
    told = await tell(desk)
    with pytest.raises(Refusal):
        await stories.step(update(desk), FATIMA, told.id, StoryStep.DONE)
    assert (await draft(desk)).status is StoryStatus.PREVIEW


async def test_nobody_steps_in_anothers_story(desk: Desk) -> None:
    told = await tell(desk)
    with pytest.raises(NotThere):
        await stories.step(update(desk), JAN, told.id, StoryStep.SUBMIT)
    with pytest.raises(NotThere):
        await stories.withdraw(update(desk), JAN, told.id)


async def test_an_empty_story_is_not_done(desk: Desk) -> None:
    await stories.begin(update(desk), FATIMA)
    with pytest.raises(Refusal):
        await stories.step(update(desk), FATIMA, (await draft(desk)).id, StoryStep.DONE)
    assert (await draft(desk)).status is StoryStatus.COLLECTING


async def test_a_message_that_comes_again_is_one_part(desk: Desk) -> None:
    await stories.begin(update(desk), FATIMA)
    for _ in range(2):
        await stories.add_part(update(desk), FATIMA, 1, "text", "Once")
    assert (await draft(desk)).text == "Once"


async def test_free_text_belongs_to_the_story(desk: Desk) -> None:
    await stories.begin(update(desk), FATIMA)
    await followers.text_received(update(desk), FATIMA, 1, "One")
    await stories.add_part(update(desk), FATIMA, 2, "photo", "Two", "file-2", "image/jpeg")
    await followers.text_received(update(desk), FATIMA, 3, "*Three* & <b>")
    assert (await draft(desk)).text == "One\n\nTwo\n\n*Three* & <b>"


async def test_text_at_a_later_step_asks_that_step_again(desk: Desk) -> None:
    await begin_and_reach(desk, StoryStatus.AGE)
    await followers.text_received(update(desk), FATIMA, 9, "I am 15")
    last = (await notices(desk, to=FATIMA.id))[-1]
    assert (last.kind, last.payload["status"]) == ("story.step", "age")
    assert "15" not in (await draft(desk)).text


async def test_too_much_text_is_refused_kindly(desk: Desk) -> None:
    await stories.begin(update(desk), FATIMA)
    await followers.text_received(update(desk), FATIMA, 1, "a" * (MAX_TEXT - 10))
    await followers.text_received(
        update(desk), FATIMA, 2, "b" * 9
    )  # too long with the line between
    (sorry,) = await notices(desk, "sorry")
    assert sorry.payload["values"]["limit"] == MAX_TEXT
    assert "b" not in (await draft(desk)).text


async def test_too_many_parts_are_refused_kindly(desk: Desk) -> None:
    await stories.begin(update(desk), FATIMA)
    for number in range(MAX_PARTS + 1):
        await stories.add_part(update(desk), FATIMA, number, "voice", file_id=f"f{number}")
    assert len((await draft(desk)).parts) == MAX_PARTS
    assert len(await notices(desk, "sorry")) == 1


async def test_a_photo_out_of_the_blue_gets_a_hint(desk: Desk) -> None:
    await stories.add_part(update(desk), FATIMA, 1, "photo", file_id="f")
    assert await kinds(desk, FATIMA.id) == ["hint"]


async def test_of_who_is_too_young_nothing_is_kept(desk: Desk) -> None:
    await begin_and_reach(desk, StoryStatus.AGE)
    assert await stories.to_fetch(desk) == []
    await stories.too_young(update(desk), FATIMA, (await draft(desk)).id)
    assert not await rows(desk, Story)
    assert not await rows(desk, StoryPart)
    assert (await kinds(desk, FATIMA.id))[-1] == "story.too_young"


async def test_who_is_too_young_on_second_thoughts_is_forgotten_too(desk: Desk) -> None:
    told = await tell(desk)
    await stories.too_young(update(desk), FATIMA, told.id)
    assert not await rows(desk, Story)
    assert not await rows(desk, StoryPart)
    assert not await rows(desk, Consent)
    sent = await submit(desk)
    with pytest.raises(Refusal):
        await stories.too_young(update(desk), FATIMA, sent.id)


async def test_cancel(desk: Desk) -> None:
    await stories.cancel(update(desk), FATIMA)
    await begin_and_reach(desk, StoryStatus.CONSENT)
    await stories.cancel(update(desk), FATIMA)
    assert not await rows(desk, Story)
    assert await stories.of_follower(desk, FATIMA.id) == ()
    said = await kinds(desk, FATIMA.id)
    assert (said[0], said[-1]) == ("sorry", "story.cancelled")


async def test_an_old_cancel_button_leaves_the_new_story_alone(desk: Desk) -> None:
    old = await submit(desk)
    await stories.begin(update(desk), FATIMA)
    with pytest.raises(Refusal):
        await stories.cancel(update(desk), FATIMA, old.id)
    with pytest.raises(NotThere):
        await stories.cancel(update(desk), JAN, (await draft(desk)).id)
    await stories.cancel(update(desk), FATIMA, (await draft(desk)).id)
    assert await stories.draft_of(desk, FATIMA.id) is None


async def test_cancelled_after_the_consent_the_ledger_says_so(desk: Desk) -> None:
    await tell(desk)
    await stories.cancel(update(desk), FATIMA)
    assert {c.withdrawn_at for c in await rows(desk, Consent)} == {desk.clock()}
    assert not await rows(desk, StoryPart)
    assert await stories.of_follower(desk, FATIMA.id) == ()
    await stories.begin(update(desk), FATIMA)  # and a new one can begin
    assert (await draft(desk)).parts == ()


async def test_files_are_fetched_after_the_consent(desk: Desk) -> None:
    told = await tell(desk)
    (fetch,) = await stories.to_fetch(desk)
    assert (fetch.file_id, fetch.kind) == ("file-1", "photo")
    kept = await media.keep(desk, PIXEL, "image/png", "fire.png")
    await stories.fetched(desk, fetch.part_id, kept.sha256)
    assert await stories.to_fetch(desk) == []
    assert [image.sha256 for image in (await stories.show(desk, told.id)).images] == [kept.sha256]


async def test_a_file_that_cannot_be_had_is_shown_as_lost(desk: Desk) -> None:
    story = await submit(desk)
    (fetch,) = await stories.to_fetch(desk)
    await stories.fetch_failed(desk, fetch.part_id, "file is too big")
    await stories.fetch_failed(desk, 999, "gone")
    await stories.fetched(desk, 999, "gone")
    assert await stories.to_fetch(desk) == []
    assert [part.lost for part in (await stories.show(desk, story.id)).parts] == [False, True]


async def test_decline_is_kind_and_names_nobody(desk: Desk) -> None:
    story = await submit(desk)
    assert (await stories.check_may_handle(desk, OWNER, story.id, "decline")).id == story.id
    declined = await stories.decline(desk, OWNER, story.id, DeclineReason.OFF_TOPIC)
    assert (declined.status, declined.handled_by) == (StoryStatus.DECLINED, OWNER)
    assert declined.decline_reason is DeclineReason.OFF_TOPIC
    (notice,) = await notices(desk, "story.declined")
    assert notice.payload == {"story_id": story.id}
    with pytest.raises(Refusal):
        await stories.decline(desk, DECIDER, story.id, DeclineReason.PRIVACY)
    assert len(await notices(desk, "story.declined")) == 1


async def test_only_the_responsible_handle_stories(desk: Desk) -> None:
    story = await submit(desk)
    with pytest.raises(Refusal):
        await stories.check_may_handle(desk, STRANGER, story.id, "accept")
    with pytest.raises(Refusal):
        await stories.decline(desk, STRANGER, story.id, DeclineReason.QUALITY)
    with pytest.raises(Refusal):
        await stories.ask(desk, STRANGER, story.id, "Who are you?")
    refused = [what for by, what in await audited(desk, "story") if by == f"slack:{STRANGER}"]
    assert refused == ["accept refused", "decline refused", "ask refused"]
    with pytest.raises(NotThere):
        await stories.ask(desk, OWNER, 99, "Where is it?")


async def test_a_question_and_its_answer(desk: Desk) -> None:
    story = await submit(desk)
    with pytest.raises(InvalidForm):
        await stories.ask(desk, OWNER, story.id, "  ")
    for _ in range(2):  # pressed twice
        await stories.ask(desk, OWNER, story.id, "Which book was it?")
    (question,) = await notices(desk, "story.question")
    assert question.payload == {"story_id": story.id, "question": "Which book was it?"}
    await followers.text_received(update(desk), FATIMA, 601, "Moby Dick & <more>")
    (answer,) = await notices(desk, "story.answer", to=REVIEW)
    assert answer.payload == {"story_id": story.id, "text": "Moby Dick & <more>"}
    await followers.text_received(update(desk), FATIMA, 602, "And thanks!")
    assert len(await notices(desk, "story.answer")) == 1
    assert (await kinds(desk, FATIMA.id))[-2:] == ["sorry", "hint"]


async def test_an_answer_waits_for_the_story_that_is_being_told(desk: Desk) -> None:
    story = await submit(desk)
    await stories.begin(update(desk), FATIMA)
    await stories.ask(desk, OWNER, story.id, "Which book was it?")
    await followers.text_received(update(desk), FATIMA, 701, "A second story")
    assert (await draft(desk)).text == "A second story"
    await stories.cancel(update(desk), FATIMA)
    await followers.text_received(update(desk), FATIMA, 702, "Moby Dick")
    assert [n.payload["text"] for n in await notices(desk, "story.answer")] == ["Moby Dick"]


async def test_accepted_by_making_a_proposal(desk: Desk) -> None:
    story = await submit(desk)
    post = await accept(desk, story)
    accepted = await stories.show(desk, story.id)
    assert (accepted.status, accepted.handled_by) == (StoryStatus.ACCEPTED, OWNER)
    assert (accepted.post_id, post.credit) == (post.id, "Fatima")
    assert await stories.waiting(desk) == ()
    with pytest.raises(Refusal):
        await accept(desk, story)


async def test_a_post_that_is_off_brings_the_story_back(desk: Desk) -> None:
    story = await submit(desk)
    post = await accept(desk, story)
    await posts.withdraw(desk, OWNER, post.id)
    (waiting,) = await stories.waiting(desk)
    assert (waiting.id, waiting.handled_by) == (story.id, None)


async def test_the_followers_yes(desk: Desk) -> None:
    story = await submit(desk)
    post = await await_follower(desk, story)
    assert post.status is PostStatus.AWAITING_FOLLOWER
    assert not await stands(desk, story, 1)
    (confirm,) = await notices(desk, "story.confirm", to=FATIMA.id)
    assert confirm.payload == {"story_id": story.id, "post_id": post.id, "revision": 1}
    await stories.agree(update(desk), FATIMA, post.id, 1)
    assert (await posts.show(desk, post.id)).status is PostStatus.APPROVED
    assert await stands(desk, story, 1)
    assert not await stands(desk, story, 2)
    consent = (await rows(desk, Consent))[-1]
    assert consent.purpose.startswith("revision:")
    assert consent.text == "Fatima reads by the fire."
    assert await outcomes(desk) == ["approved", "follower_agreed"]
    with pytest.raises(Refusal):
        await stories.agree(update(desk), FATIMA, post.id, 1)


async def test_a_yes_to_an_older_version_does_not_count(desk: Desk) -> None:
    story = await submit(desk)
    post = await await_follower(desk, story)
    await edit(desk, post)
    with pytest.raises(Refusal):
        await stories.agree(update(desk), FATIMA, post.id, 1)
    await decisions.decide(desk, DECIDER, post.id, 2, PostAction.APPROVE)
    with pytest.raises(Refusal):
        await stories.agree(update(desk), FATIMA, post.id, 1)
    await stories.agree(update(desk), FATIMA, post.id, 2)
    assert (await posts.show(desk, post.id)).status is PostStatus.APPROVED


async def test_a_wish_is_a_request_for_changes(desk: Desk) -> None:
    story = await submit(desk)
    post = await await_follower(desk, story)
    await stories.wish(update(desk), FATIMA, post.id, 1)
    await followers.text_received(update(desk), FATIMA, 801, "Please leave out my street.")
    changed = await posts.show(desk, post.id)
    assert changed.status is PostStatus.CHANGES_REQUESTED
    wish = (await rows(desk, Decision))[-1]
    assert (wish.decided_by, wish.verdict) == (None, "request_changes")
    assert wish.reason == "Please leave out my street."
    assert await outcomes(desk) == ["approved", "follower_wish"]
    assert (await kinds(desk, FATIMA.id))[-2:] == ["story.wish", "story.wish_received"]
    with pytest.raises(Refusal):
        await stories.agree(update(desk), FATIMA, post.id, 1)


async def test_a_wish_can_be_cancelled(desk: Desk) -> None:
    story = await submit(desk)
    post = await await_follower(desk, story)
    await stories.wish(update(desk), FATIMA, post.id, 1)
    await stories.cancel(update(desk), FATIMA)
    await followers.text_received(update(desk), FATIMA, 801, "Hello")
    assert (await posts.show(desk, post.id)).status is PostStatus.AWAITING_FOLLOWER
    await stories.agree(update(desk), FATIMA, post.id, 1)


async def test_a_wish_for_a_version_that_changed_meanwhile(desk: Desk) -> None:
    story = await submit(desk)
    post = await await_follower(desk, story)
    await stories.wish(update(desk), FATIMA, post.id, 1)
    await edit(desk, post)
    await followers.text_received(update(desk), FATIMA, 801, "Shorter, please")
    assert (await posts.show(desk, post.id)).status is PostStatus.PROPOSED
    assert (await kinds(desk, FATIMA.id))[-1] == "sorry"


async def test_withdrawn_before_it_is_accepted(desk: Desk) -> None:
    story = await submit(desk)
    await stories.mine(update(desk), FATIMA)
    await stories.withdraw(update(desk), FATIMA, story.id)
    assert (await stories.show(desk, story.id)).status is StoryStatus.WITHDRAWN
    assert (await kinds(desk, FATIMA.id))[-2:] == ["story.list", "story.withdrawn"]
    assert all(consent.withdrawn_at for consent in await rows(desk, Consent))
    with pytest.raises(Refusal):
        await stories.withdraw(update(desk), FATIMA, story.id)
    with pytest.raises(Refusal):
        await accept(desk, story)


async def test_withdrawn_it_takes_the_post_with_it(desk: Desk, clock: StandingClock) -> None:
    story = await submit(desk)
    post = await await_follower(desk, story)
    await stories.agree(update(desk), FATIMA, post.id, 1)
    await stories.withdraw(update(desk), FATIMA, story.id)
    withdrawn = await posts.show(desk, post.id)
    assert withdrawn.status is PostStatus.WITHDRAWN
    assert {p.status for p in withdrawn.placements} == {PlacementStatus.WITHDRAWN}
    assert (await outcomes(desk))[-1] == "withdrawn_by_follower"
    assert not await stands(desk, story, 1)
    clock.move(timedelta(days=2))
    assert await publishing.publish_due(desk) == 0
    assert not await notices(desk, "post.publish")


async def test_withdrawn_while_it_is_being_sent_it_does_not_go_out(
    desk: Desk, clock: StandingClock
) -> None:
    story = await submit(desk)
    post = await await_follower(desk, story)
    await stories.agree(update(desk), FATIMA, post.id, 1)
    clock.move(timedelta(days=2))
    await publishing.publish_due(desk)
    await stories.withdraw(update(desk), FATIMA, story.id)
    assert await publishing.ready_to_send(desk, post.placements[0].id) is None


async def test_a_draft_in_the_list_can_be_thrown_away(desk: Desk) -> None:
    told = await tell(desk)
    assert [story.id for story in await stories.of_follower(desk, FATIMA.id)] == [told.id]
    await stories.withdraw(update(desk), FATIMA, told.id)
    assert await stories.of_follower(desk, FATIMA.id) == ()


async def test_published_the_follower_is_thanked(desk: Desk) -> None:
    story = await submit(desk)
    post = await await_follower(desk, story)
    await stories.agree(update(desk), FATIMA, post.id, 1)

    await desk.database.write(
        lambda session: stories.published(
            Transaction(session, desk),
            story.id,
            session.get_one(Placement, post.placements[0].id),
            "https://t.me/leestafel/5",
        )
    )
    assert (await stories.show(desk, story.id)).status is StoryStatus.PUBLISHED
    (thanks,) = await notices(desk, "story.published")
    assert thanks.payload == {"story_id": story.id, "link": "https://t.me/leestafel/5"}


async def test_receipts_differ(desk: Desk) -> None:
    receipts = {(await submit(desk, who)).receipt for who in (FATIMA, JAN, FATIMA)}
    assert len(receipts) == 3
    assert {f.id for f in await rows(desk, Follower)} == {1001, 1002}


async def begin_and_reach(desk: Desk, status: StoryStatus) -> None:
    """A story of one photo, told up to that status."""
    await stories.begin(update(desk), FATIMA)
    await stories.add_part(update(desk), FATIMA, 100, "photo", file_id="file-1")
    story = await draft(desk)
    for step in StoryStep:
        if (await draft(desk)).status is not status:
            await stories.step(update(desk), FATIMA, story.id, step, NamedAs.FIRST)


async def stands(desk: Desk, story: StoryView, revision: int) -> bool:
    return await desk.database.read(
        lambda session: stories.consent_stands(Transaction(session, desk), story.id, revision)
    )


async def outcomes(desk: Desk) -> list[str]:
    return [notice.payload["event"] for notice in await notices(desk, "post.outcome")]


async def edit(desk: Desk, post: PostView) -> None:
    await posts.edit(
        desk,
        OWNER,
        post.id,
        post.revision,
        posts.Proposal(
            text="Fatima reads at home.",
            platform_keys=("telegram",),
            pillar_key=None,
            target_group_key=None,
            planned_at=desk.clock() + timedelta(days=1),
            why="",
            images=(),
        ),
    )
