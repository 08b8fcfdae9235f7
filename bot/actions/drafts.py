"""Drafts: what a colleague has typed and not yet proposed. Nobody else sees them."""

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import TypeAdapter
from sqlmodel import col, select

from bot.actions.media import shown_media
from bot.actions.proposals import Proposal, proposal_in_rows, same
from bot.actions.transaction import Transaction, action, query
from bot.actions.views import DraftView, FileOnSlack
from bot.rules.refusals import InvalidForm, NotThere, Refusal
from bot.rules.stories import StoryStatus
from storage.models import Draft, Post, Story
from storage.queries import drafts as queries
from storage.queries.posts import load_posts


@dataclass(frozen=True)
class Continued:
    """The draft that a form goes on with, as it was when that form opened.

    request_key: what its proposal is known by, whichever window makes it.
    """

    draft_id: int
    version: int
    request_key: str


@dataclass(frozen=True)
class Content:
    """What a draft's row keeps. version: so often it was written."""

    proposal: Proposal
    on_slack: tuple[FileOnSlack, ...]
    request_key: str
    version: int = 0


CONTENT = TypeAdapter(Content)


@action
def save(
    tx: Transaction,
    by: str,
    form_key: str,
    proposal: Proposal,
    on_slack: Sequence[FileOnSlack] = (),
    continued: Continued | None = None,
) -> DraftView:
    """Keeps what stands in a form, of which nothing has to be right yet; as it was: no change.

    form_key: the window. It writes into its own draft, or into the one that it continues as long
    as that is as the window saw it. Else another window went on with that, and this one gets a
    draft of its own: neither overwrites the other.
    Raises Refusal where this was proposed already, or its story was withdrawn.
    """
    request_key = continued.request_key if continued else form_key
    _check_may_keep(tx, form_key, request_key, proposal)
    draft = _draft_of(tx, by, form_key, continued)
    if draft is None:
        draft = Draft(form_key=form_key, owner=by, changed_at=tx.now)
    before = CONTENT.validate_python(draft.content) if draft.content else None
    if before and (before.proposal, before.on_slack) == (proposal, tuple(on_slack)):
        return _view(tx, draft)
    version = before.version + 1 if before else 1
    content = Content(proposal, tuple(on_slack), request_key, version)
    draft.form_key, draft.changed_at = form_key, tx.now
    draft.content = CONTENT.dump_python(content, mode="json")
    tx.session.add(draft)
    tx.session.flush()  # gives it its id
    return _view(tx, draft)


@query
def show(tx: Transaction, by: str, draft_id: int) -> DraftView:
    """Raises NotThere, also where it is somebody else's."""
    return _view(tx, _own(tx, by, draft_id))


@query
def of(tx: Transaction, owner: str) -> tuple[DraftView, ...]:
    """Theirs, the newest first."""
    return drafts_of(tx, owner)


@action
def throw_away(tx: Transaction, by: str, draft_id: int) -> None:
    """Raises NotThere, also where it is somebody else's."""
    tx.session.delete(_own(tx, by, draft_id))


def drafts_of(tx: Transaction, owner: str) -> tuple[DraftView, ...]:
    """Theirs, the newest first."""
    newest_first = (col(Draft.changed_at).desc(), col(Draft.id).desc())
    rows = tx.session.exec(select(Draft).where(Draft.owner == owner).order_by(*newest_first))
    return tuple(_view(tx, draft) for draft in rows)


def became_proposal(tx: Transaction, by: str, form_key: str, continued: Continued | None) -> None:
    """The form was proposed: its draft goes in the same transaction. What another window made of
    it meanwhile stays."""
    draft = _draft_of(tx, by, form_key, continued)
    if draft is not None:
        tx.session.delete(draft)


def check_is_same(tx: Transaction, post: Post, form_key: str, proposal: Proposal) -> None:
    """For a form whose post is there already: it was submitted again, or in a second window.
    Raises InvalidForm where it says something else now, which must not vanish."""
    if not _says_it(tx, post, form_key, proposal):
        raise InvalidForm(
            {
                "text": Refusal(
                    "You proposed this already, and it said something else then. What stands "
                    "here is kept as a draft: close this window, and continue the draft on the "
                    "Home tab if you want to propose it as well."
                )
            }
        )


def forget_story(tx: Transaction, story_id: int) -> None:
    """The follower took it back: their words wait in no draft any longer."""
    for draft in queries.drafts_of_story(tx.session, story_id):
        tx.session.delete(draft)


def _check_may_keep(tx: Transaction, form_key: str, request_key: str, proposal: Proposal) -> None:
    post = queries.post_by_key(tx.session, request_key)
    if post is not None and _says_it(tx, post, form_key, proposal):
        raise Refusal("You proposed this already: look below “Your proposals” on the Home tab.")
    story = tx.session.get(Story, proposal.story_id) if proposal.story_id is not None else None
    if story is not None and story.status == StoryStatus.WITHDRAWN:
        raise Refusal("The follower took this story back, so nothing of it is kept.")


def _says_it(tx: Transaction, post: Post, form_key: str, proposal: Proposal) -> bool:
    """Whether the post is what stands in this window; edited meanwhile, where it made the post."""
    if queries.window_of(tx.session, post) == form_key:
        return queries.first_text(tx.session, post) == proposal.text
    (rows,) = load_posts(tx.session, [post.id or 0])
    return same(proposal_in_rows(rows), proposal)


def _draft_of(tx: Transaction, by: str, form_key: str, continued: Continued | None) -> Draft | None:
    """The draft that this window may write into."""
    own = tx.session.exec(select(Draft).where(Draft.form_key == form_key, Draft.owner == by))
    if (draft := own.first()) is not None or continued is None:
        return draft
    draft = tx.session.get(Draft, continued.draft_id)
    if draft is None or draft.owner != by:
        return None
    seen = CONTENT.validate_python(draft.content).version == continued.version
    return draft if seen else None


def _own(tx: Transaction, by: str, draft_id: int) -> Draft:
    draft = tx.session.get(Draft, draft_id)
    if draft is None or draft.owner != by:
        raise NotThere("This draft is not there any more. Your drafts are on the Home tab.")
    return draft


def _view(tx: Transaction, draft: Draft) -> DraftView:
    assert draft.id is not None
    content = CONTENT.validate_python(draft.content)
    story_id = content.proposal.story_id
    story = tx.session.get(Story, story_id) if story_id is not None else None
    return DraftView(
        id=draft.id,
        proposal=content.proposal,
        images=shown_media(tx, content.proposal.images),
        on_slack=content.on_slack,
        credit=story.credit if story else None,
        version=content.version,
        request_key=_free_key(tx, draft.id, content),
        changed_at=draft.changed_at,
    )


def _free_key(tx: Transaction, draft_id: int, content: Content) -> str:
    """What its proposal will be known by. Another window may have used up the first one; of what
    it left behind, only later versions are still there."""
    if queries.post_by_key(tx.session, content.request_key) is None:
        return content.request_key
    return f"draft:{draft_id}:{content.version}"
