"""What a follower says about what is made of their story: yes, please change, or withdraw."""

from bot.actions import story_ledger, takedowns
from bot.actions.arrivals import Sender, answer, arrive, say
from bot.actions.cards import card_of_post, card_of_story, refresh_placement_cards
from bot.actions.drafts import forget_story
from bot.actions.history import note_step
from bot.actions.post_views import post_rows, post_view, settle_status
from bot.actions.story_talk import discard
from bot.actions.story_views import id_of, story_of
from bot.actions.transaction import Transaction, action
from bot.rules import posts, stories
from bot.rules.posts import PlacementStatus, PostAction, PostStatus
from bot.rules.refusals import Refusal
from bot.rules.stories import StoryStatus
from bot.texts import N_
from storage.models import Consent, Decision, Follower, Placement, Post, Story
from storage.queries import stories as queries
from storage.queries.posts import PostRows

CHANGED = N_("Your story was changed meanwhile. Please look at the newest version first.")


@action
def agree(tx: Transaction, who: Sender, post_id: int, revision: int) -> None:
    """The follower's yes to the edited version. Raises Refusal where it is not the present one."""
    follower = arrive(tx, who)
    story = _story_behind(tx, post_id, follower.id)
    rows = _awaiting(tx, story, post_id, revision)
    _keep_consent(tx, follower, story, rows)
    story.wish_for_revision = None
    tx.session.add(story)
    rows.post.agreed_revision = revision
    settle_status(tx, rows.post, [placement for placement, _ in rows.placements])
    _tell_proposer(tx, rows.post, "follower_agreed")
    card_of_post(tx, _id(rows.post))
    note_step(tx, f"telegram:{follower.id}", "agree", _id(rows.post), revision=revision)
    answer(tx, follower.id, "story.agreed", story_id=id_of(story))


@action
def wish(tx: Transaction, who: Sender, post_id: int, revision: int) -> None:
    """Asks what should be changed. Raises Refusal where it is not the present version."""
    follower = arrive(tx, who)
    story = _story_behind(tx, post_id, follower.id)
    _awaiting(tx, story, post_id, revision)
    story.wish_for_revision = revision
    tx.session.add(story)
    answer(tx, follower.id, "story.wish", story_id=id_of(story))


@action
def mine(tx: Transaction, who: Sender) -> None:
    """Shows the follower what they told, and what became of it."""
    answer(tx, arrive(tx, who, even_blocked=True).id, "story.list")


@action
def withdraw(tx: Transaction, who: Sender, story_id: int) -> None:
    """Takes the story back: what is not out yet stays in, what is out is taken away.

    Raises Refusal.
    """
    follower = arrive(tx, who, even_blocked=True)
    story = story_of(tx, story_id, follower.id)
    if StoryStatus(story.status) in stories.DRAFT:
        discard(tx, story)
        answer(tx, follower.id, "story.cancelled")
        return
    stories.check_withdrawable(StoryStatus(story.status))
    story.status, story.wish_for_revision = StoryStatus.WITHDRAWN, None
    tx.session.add(story)
    story_ledger.take_back(tx, story_id)
    for post in queries.posts_of(tx.session, story_id):
        withdraw_post(tx, post, f"telegram:{follower.id}")
    forget_story(tx, story_id)
    tx.audit(f"telegram:{follower.id}", "withdraw", "story", story_id)
    card_of_story(tx, story_id)
    answer(tx, follower.id, "story.withdrawn", story_id=story_id)


def take_wish(tx: Transaction, story: Story, text: str) -> None:
    """What the follower typed goes to the proposer as a request for changes."""
    revision, story.wish_for_revision = story.wish_for_revision, None
    tx.session.add(story)
    try:
        rows = _awaiting(tx, story, None, revision or 0)
    except Refusal:
        say(tx, story.follower_id, CHANGED)
        return
    for placement, _ in rows.placements:
        if posts.can(PlacementStatus(placement.status), PostAction.REQUEST_CHANGES):
            _request_changes(tx, rows.post, placement, text)
    settle_status(tx, rows.post, [placement for placement, _ in rows.placements])
    actor = f"telegram:{story.follower_id}"
    _tell_proposer(tx, rows.post, "follower_wish", reason=text)
    card_of_post(tx, _id(rows.post))
    note_step(tx, actor, PostAction.REQUEST_CHANGES, _id(rows.post), revision=revision)
    answer(tx, story.follower_id, "story.wish_received")


def take_answer(tx: Transaction, story: Story, message_id: int, text: str) -> None:
    """What the follower typed answers a colleague's question."""
    story_id = id_of(story)
    tx.audit(f"telegram:{story.follower_id}", queries.ANSWERED, "story", story_id)
    tx.notify_slack(
        tx.desk.review_channel,
        "story.answer",
        f"story:{story_id}:answer:{message_id}",
        story_id=story_id,
        text=text,
    )
    say(tx, story.follower_id, N_("Thank you! The team reads your answer."))


def ask_for_agreement(tx: Transaction, post: Post) -> None:
    """The owners approved: the follower sees the edited version and says yes or no."""
    assert post.story_id is not None
    story = tx.session.get_one(Story, post.story_id)
    tx.notify_telegram(
        story.follower_id,
        "story.confirm",
        f"post:{post.id}:confirm:{post.revision_number}",
        story_id=post.story_id,
        post_id=post.id,
        revision=post.revision_number,
    )


def consent_stands(tx: Transaction, story_id: int, revision: int) -> bool:
    """Whether the follower agreed to publication, and to this revision of the present post, and
    took neither back."""
    made = queries.posts_of(tx.session, story_id)
    story = tx.session.get_one(Story, story_id)
    return (
        bool(made)
        and story_ledger.missing(tx, story) is None
        and queries.has_consent(tx.session, story_id, _purpose(made[-1], revision))
    )


def published(tx: Transaction, story_id: int, placement: Placement, link: str) -> bool:
    """It is out: the follower gets a thank-you with the link. False: the follower withdrew it in
    the moment that it went out; it is taken away, and the follower hears what happened."""
    story = tx.session.get_one(Story, story_id)
    in_time = story.status != StoryStatus.WITHDRAWN
    if in_time:
        story.status = StoryStatus.PUBLISHED
        tx.session.add(story)
    else:
        takedowns.ask(tx, placement, story_id)
    tx.notify_telegram(
        story.follower_id,
        "story.published" if in_time else "story.too_late",
        f"story:{story_id}:published:{placement.id}",
        story_id=story_id,
        link=link,
    )
    card_of_story(tx, story_id)
    return in_time


def unheard(tx: Transaction, post_id: int) -> None:
    """The follower blocked the bot and could not be asked for the yes: the proposer knows."""
    _tell_proposer(tx, tx.session.get_one(Post, post_id), "follower_unreachable")


def _story_behind(tx: Transaction, post_id: int, follower_id: int) -> Story:
    """The follower's own, of which the post was made. Raises NotThere."""
    post = tx.session.get(Post, post_id)
    return story_of(tx, post.story_id or 0 if post else 0, follower_id)


def _awaiting(tx: Transaction, story: Story, post_id: int | None, revision: int) -> PostRows:
    """The post that waits for the follower. Raises Refusal, with what is the matter instead.

    post_id: the one that the follower saw; None: whichever is the newest.
    """
    made = queries.posts_of(tx.session, id_of(story))
    if not made or story.status != StoryStatus.ACCEPTED:
        raise Refusal("This is over: with /mystories you see what became of your story.")
    rows = post_rows(tx, _id(made[-1]))
    if post_id not in (None, rows.post.id):
        raise Refusal(CHANGED)
    if revision != rows.post.revision_number or rows.post.status in (
        PostStatus.PROPOSED,
        PostStatus.CHANGES_REQUESTED,
        PostStatus.EXPIRED,
    ):
        raise Refusal("The text is being changed. You get the new version before it is placed.")
    if rows.post.status != PostStatus.AWAITING_FOLLOWER:
        raise Refusal("You said yes already. With /mystories you can still withdraw your story.")
    return rows


def _keep_consent(tx: Transaction, follower: Follower, story: Story, rows: PostRows) -> None:
    consent = Consent(
        story_id=id_of(story),
        follower_id=follower.id,
        purpose=_purpose(rows.post, rows.post.revision_number),
        version=stories.CONSENT_VERSION,
        language=follower.language,
        text="\n\n".join(wording.text for wording in post_view(tx, _id(rows.post)).wordings),
        agreed_at=tx.now,
    )
    tx.session.add(consent)


def _purpose(post: Post, revision: int) -> str:
    """Names the post too: a story that came back to the desk gets another, that counts anew."""
    return f"revision:{post.id}:{revision}"


def _request_changes(tx: Transaction, post: Post, placement: Placement, reason: str) -> None:
    assert placement.id is not None
    placement.status = posts.after(PlacementStatus(placement.status), PostAction.REQUEST_CHANGES)
    tx.session.add(placement)
    decision = Decision(
        post_id=placement.post_id,
        placement_id=placement.id,
        revision_number=post.revision_number,
        verdict=PostAction.REQUEST_CHANGES,
        decided_by=None,
        reason=reason,
        decided_at=tx.now,
    )
    tx.session.add(decision)


def withdraw_post(tx: Transaction, post: Post, actor: str) -> None:
    """One post: what is not out yet is off, what is out is taken away."""
    rows = post_rows(tx, _id(post))
    changed = [
        placement
        for placement, _ in rows.placements
        if posts.can(PlacementStatus(placement.status), PostAction.WITHDRAW)
    ]
    for placement in changed:
        placement.status = posts.after(PlacementStatus(placement.status), PostAction.WITHDRAW)
        tx.session.add(placement)
        refresh_placement_cards(tx, placement.id or 0)
    out = [p for p, _ in rows.placements if p.status == PlacementStatus.PUBLISHED]
    for placement in out:
        takedowns.ask(tx, placement, post.story_id or 0)
    if out:
        _tell_proposer(tx, post, "taken_away")
    elif changed:
        _tell_proposer(tx, post, "withdrawn_by_follower")
    if changed:
        settle_status(tx, rows.post, [placement for placement, _ in rows.placements])
        card_of_post(tx, _id(post))
        note_step(tx, actor, PostAction.WITHDRAW, _id(post))


def _tell_proposer(tx: Transaction, post: Post, event: str, reason: str = "") -> None:
    tx.notify_slack(
        post.proposer,
        "post.outcome",
        f"post:{post.id}:{event}:{post.revision_number}",
        post_id=post.id,
        event=event,
        by=None,
        reason=reason,
    )


def _id(post: Post) -> int:
    assert post.id is not None
    return post.id
