"""What the database holds after a tour: how much of everything, and whether anything is twice."""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

COUNTS: Mapping[str, str] = {
    "posts": "SELECT count(*) FROM posts",
    "revisions": "SELECT count(*) FROM revisions",
    "placements": "SELECT group_concat(status) FROM (SELECT status FROM placements ORDER BY id)",
    "decisions": "SELECT count(*) FROM decisions",
    "polls": "SELECT count(*) FROM polls",
    "votes": "SELECT count(*) FROM votes WHERE option_id IS NOT NULL",
    "tallies": "SELECT group_concat(n) FROM "
    "(SELECT private_votes || '+' || channel_votes AS n FROM poll_options ORDER BY id)",
    "stories": "SELECT group_concat(status) FROM (SELECT status FROM stories ORDER BY id)",
    "story parts": "SELECT count(*) FROM story_parts",
    "consents": "SELECT count(*) FROM consents",
    "followers": "SELECT count(*) FROM followers",
    "subscribers": "SELECT count(*) FROM followers WHERE subscribed",
    "media": "SELECT count(*) FROM media",
    "parked updates": "SELECT count(*) FROM parked_updates",
    "failed notices": "SELECT count(*) FROM notices WHERE status = 'failed'",
}
"""What has to be the same with kills and without."""

TWICE: Mapping[str, str] = {
    "a decision twice": "SELECT placement_id FROM decisions "
    "GROUP BY placement_id, revision_number, verdict HAVING count(*) > 1",
    "a tally that is not its votes": "SELECT id FROM poll_options WHERE private_votes <> "
    "anonymous_votes + (SELECT count(*) FROM votes WHERE votes.option_id = poll_options.id)",
    "a public message sent twice": "SELECT json_extract(payload, '$.placement_id') FROM notices "
    "WHERE kind = 'post.publish' AND status = 'sent' GROUP BY 1 HAVING count(*) > 1",
    "an outcome told twice": "SELECT key FROM notices GROUP BY key HAVING count(*) > 1",
    "an audit entry twice": "SELECT entity_id FROM audit_entries "
    "WHERE action IN ('approve', 'confirm') GROUP BY actor, action, entity, entity_id, "
    "json_extract(details, '$.revision') HAVING count(*) > 1",
    "a notice that still waits": "SELECT kind FROM notices WHERE status IN ('pending', 'sending')",
}
"""What must never be there: a query for each."""


@dataclass(frozen=True)
class Ledger:
    """counts: of everything; twice: what is wrong; doubts: public messages that were in doubt."""

    counts: Mapping[str, object]
    twice: list[str]
    doubts: int


def still_waits(path: Path) -> bool:
    """Whether the bot has something left to send."""
    with sqlite3.connect(path) as database:
        return bool(database.execute(TWICE["a notice that still waits"]).fetchone())


def read_ledger(path: Path) -> Ledger:
    with sqlite3.connect(path) as database:
        counts = {name: database.execute(query).fetchone()[0] for name, query in COUNTS.items()}
        twice = [
            f"{name}: {row[0]}" for name, query in TWICE.items() for row in database.execute(query)
        ]
        doubts: int = database.execute(
            "SELECT count(*) FROM notices WHERE status = 'in_doubt'"
        ).fetchone()[0]
    return Ledger(counts, twice, doubts)
