"""The one way to say no: with a reason, and with what the person can do."""

from collections.abc import Mapping
from dataclasses import dataclass


class SamenspraakError(Exception):
    """The base of every error that Samenspraak raises itself."""


@dataclass(frozen=True)
class Mention:
    """A colleague in a sentence, by Slack user id; each chat shows it in its own way."""

    slack_id: str


@dataclass(frozen=True)
class Phrase:
    """Words in a sentence that are translated with it, such as a status."""

    sentence: str


class Refusal(SamenspraakError):
    """Why a person may not do this now. `sentence` is a gettext key, `values` fill it.

    Values are text, numbers, moments (`datetime`, UTC), `Mention`s, `Phrase`s, and tuples of
    these, which read "a, b and c".
    """

    def __init__(self, sentence: str, **values: object) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.values = values


class InvalidForm(SamenspraakError):
    """What a person typed cannot be accepted: field name → why. Nothing typed is lost."""

    def __init__(self, errors: Mapping[str, Refusal]) -> None:
        super().__init__(", ".join(errors))
        self.errors = dict(errors)


class NotThere(Refusal):
    """What was asked for does not exist (any more)."""
