"""One person with many windows, in any order: no words vanish, and none are proposed twice."""

from dataclasses import dataclass

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from bot.actions import drafts, posts
from bot.actions.drafts import Continued
from bot.actions.posts import Proposal
from bot.rules.refusals import InvalidForm
from storage.models import Post
from tests.actions.audience import rows
from tests.actions.machines import DeskOfItsOwn
from tests.factories import PROPOSER

which = st.integers(0, 3)


@dataclass
class Window:
    id: str
    continued: Continued | None = None
    words: str = ""
    known: str = ""  # what its draft said when this window last saw it


class DraftsMachine(DeskOfItsOwn):
    """must_be_there: words that somebody typed, and neither wrote over nor threw away."""

    def __init__(self) -> None:
        super().__init__()
        self.windows: list[Window] = []
        self.must_be_there: set[str] = set()
        self.typed = 0

    @rule()
    def open(self) -> None:
        self.windows.append(Window(f"V{len(self.windows)}"))

    @rule(n=which)
    def continue_draft(self, n: int) -> None:
        found = self.now(drafts.of(self.desk, PROPOSER))
        if not found:
            return
        draft = found[n % len(found)]
        said = draft.proposal.text
        continued = Continued(draft.id, draft.version, draft.request_key)
        self.windows.append(Window(f"V{len(self.windows)}", continued, said, said))

    @precondition(lambda self: self.windows)
    @rule(n=which)
    def type(self, n: int) -> None:
        window = self.windows[-1 - n % len(self.windows)]
        self.typed += 1
        window.words = f"Words {self.typed}"
        self.keep(window)
        self.check()

    @precondition(lambda self: self.windows)
    @rule(n=which)
    def propose(self, n: int) -> None:
        window = self.windows[-1 - n % len(self.windows)]
        if not window.words:
            return
        try:
            self.now(
                posts.propose(
                    self.desk, PROPOSER, window.id, _proposal(window.words), window.continued
                )
            )
        except InvalidForm:
            self.keep(window)  # as the form does
        else:
            self.must_be_there.discard(window.known)
            self.must_be_there.add(window.words)
        self.check()

    @rule(n=which)
    def throw_away(self, n: int) -> None:
        found = self.now(drafts.of(self.desk, PROPOSER))
        if not found:
            return
        draft = found[n % len(found)]
        self.now(drafts.throw_away(self.desk, PROPOSER, draft.id))
        self.must_be_there.discard(draft.proposal.text)
        self.check()

    def keep(self, window: Window) -> None:
        self.now(
            drafts.save(
                self.desk,
                PROPOSER,
                window.id,
                _proposal(window.words),
                continued=window.continued,
            )
        )
        if window.known != window.words:
            self.must_be_there.discard(window.known)
        self.must_be_there.add(window.words)
        window.known = window.words

    def check(self) -> None:
        waiting = {draft.proposal.text for draft in self.now(drafts.of(self.desk, PROPOSER))}
        assert self.must_be_there <= waiting | set(self.proposed())

    def proposed(self) -> list[str]:
        made = self.now(rows(self.desk, Post))
        said = [self.now(posts.show(self.desk, post.id or 0)).text for post in made]
        assert len(said) == len(set(said)), "the same words, proposed twice"
        return said

    def at_the_end(self) -> None:
        """Each draft that is left can be continued and proposed: none is a dead end."""
        for draft in self.now(drafts.of(self.desk, PROPOSER)):
            continued = Continued(draft.id, draft.version, draft.request_key)
            self.now(
                posts.propose(
                    self.desk, PROPOSER, f"last {draft.id}", _proposal("Last words"), continued
                )
            )
        assert self.now(drafts.of(self.desk, PROPOSER)) == ()


def _proposal(words: str) -> Proposal:
    return Proposal(words, ("telegram",), None, None, None)


DraftsMachine.TestCase.settings = settings(
    max_examples=40,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
TestDrafts = DraftsMachine.TestCase
