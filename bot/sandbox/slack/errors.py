"""What goes wrong: the Web API's error answers, and what a person in the workspace runs into."""

from collections.abc import Iterable, Mapping


class SlackError(Exception):
    """An error answer of the Web API: `{"ok": false, "error": error}`.

    `messages` become `response_metadata.messages`, each with Slack's "[ERROR] " before it.
    """

    def __init__(
        self,
        error: str,
        messages: Iterable[str] = (),
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.error = error
        self.messages = [f"[ERROR] {message}" for message in messages]
        self.status = status
        self.headers = dict(headers or {})
        super().__init__("; ".join([error, *self.messages]))


class NotAcknowledged(Exception):
    """The bot did not answer within three seconds; the person sees that it did not work."""


class BadAnswer(Exception):
    """The bot acknowledged with something that Slack cannot use; the person sees an error."""


class NotThere(Exception):
    """A person looks for something (a button, a field, an option, a modal) that is not there."""

    def __init__(self, what: str, wanted: str, there: Iterable[str]) -> None:
        listed = ", ".join(f"“{one}”" for one in there) or "nothing"
        super().__init__(f"no {what} “{wanted}”; there is {listed}")


class NoSuchButton(NotThere):
    def __init__(self, wanted: str, there: Iterable[str]) -> None:
        super().__init__("button", wanted, there)


class NoSuchField(NotThere):
    def __init__(self, wanted: str, there: Iterable[str]) -> None:
        super().__init__("field", wanted, there)


class NoSuchModal(NotThere):
    def __init__(self, wanted: str) -> None:
        super().__init__("open modal", wanted, ())


class NoSuchOption(NotThere):
    def __init__(self, wanted: str, there: Iterable[str]) -> None:
        super().__init__("option", wanted, there)
