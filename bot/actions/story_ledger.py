"""The consent ledger: to what a follower said yes, in which words, and what is still to be asked.

Each purpose has a yes of its own. A change of what was sent in takes the yes for it back.
"""

from bot.actions.transaction import Transaction
from bot.rules import stories as rules
from bot.rules.stories import Purpose
from bot.texts import LANGUAGES, texts_in
from storage.models import Consent, Follower, Organisation, Story
from storage.queries import stories as queries


def missing(tx: Transaction, story: Story) -> Purpose | None:
    """The first purpose that the follower is still to be asked for."""
    story_id = story.id or 0
    has_files = any(part.file_id for part in queries.parts_of(tx.session, story_id))
    standing = {consent.purpose for consent in queries.consents_of(tx.session, story_id)}
    return next((p for p in rules.purposes_of(has_files) if p not in standing), None)


def wording(tx: Transaction, story: Story, purpose: Purpose, language: str) -> str:
    """What the follower is asked to agree to."""
    t = texts_in(language)
    organisation = tx.session.get(Organisation, 1)
    return t(
        rules.CONSENT_TEXTS[purpose],
        organisation=organisation.name if organisation else t("Our organisation"),
        credit=story.credit or t("anonymous"),
    )


def keep(
    tx: Transaction, story: Story, follower: Follower, purpose: Purpose, shown: str | None
) -> None:
    """Writes down the yes. shown: the text as it stood in the chat; None: as it would be now."""
    wordings = {wording(tx, story, purpose, language): language for language in LANGUAGES}
    text = shown or wording(tx, story, purpose, follower.language)
    consent = Consent(
        story_id=story.id or 0,
        follower_id=follower.id,
        purpose=purpose,
        version=rules.CONSENT_VERSION,
        language=wordings.get(text, follower.language),  # another may have been chosen meanwhile
        text=text,
        agreed_at=tx.now,
    )
    tx.session.add(consent)
    tx.session.flush()


def take_back(tx: Transaction, story_id: int, purposes: tuple[Purpose, ...] | None = None) -> bool:
    """The yes does not hold any more: for these purposes, or (None) for everything. Whether
    there was one."""
    standing = [
        consent
        for consent in queries.consents_of(tx.session, story_id)
        if purposes is None or consent.purpose in purposes
    ]
    for consent in standing:
        consent.withdrawn_at = tx.now
        tx.session.add(consent)
    tx.session.flush()
    return bool(standing)
