"""Sensitive topics: posts that have one of their words are marked."""

from collections.abc import Sequence

from bot.actions.transaction import Transaction
from bot.rules.topics import found_in
from storage.models import PostTopic
from storage.queries import desk as queries


def mark(tx: Transaction, post_ids: Sequence[int]) -> set[int]:
    """Looks at every revision of these posts; the ids of those that got a mark.

    A mark stays: an edit that takes the word out does not take the topic's owner out.
    """
    topics = queries.active_topics(tx.session)
    marked = set()
    for revision in queries.revisions_of(tx.session, post_ids) if topics else ():
        for topic in topics:
            word = found_in(revision.folded, topic.words)
            if word and tx.session.get(PostTopic, (revision.post_id, topic.key)) is None:
                tx.session.add(
                    PostTopic(
                        post_id=revision.post_id,
                        topic_key=topic.key,
                        revision_number=revision.number,
                        word=word,
                    )
                )
                marked.add(revision.post_id)
    return marked
