"""Submitting a modal: what Slack checks itself, and what the app's answer does to the modal."""

from typing import Any

from bot.sandbox.slack import forms, modals, payloads
from bot.sandbox.slack.blocks import check_view
from bot.sandbox.slack.errors import BadAnswer, SlackError
from bot.sandbox.slack.socket_mode import SocketMode
from bot.sandbox.slack.state import Json, User
from bot.sandbox.slack.views import View
from bot.sandbox.slack.workspace import Workspace


async def submit(
    space: Workspace, socket_mode: SocketMode, user: User, view: View
) -> dict[str, str] | None:
    """The errors that now stand under the fields, by label; None when the form was taken."""
    view.errors = _complaints(view)
    if not view.errors:
        payload = payloads.submission(space, user, view)
        answer = await socket_mode.deliver("interactive", payload)
        try:
            _follow(space, user, view, answer)
        except SlackError as error:
            raise BadAnswer(f"view_submission: {error}") from error
    space.changes.tell()
    return _by_label(view) or None


def _complaints(view: View) -> dict[str, str]:
    """What Slack finds itself, before anything goes to the app."""
    values = view.values()
    found = {}
    for block in view.blocks:
        if block["type"] == "input":
            state = values[block["block_id"]][block["element"]["action_id"]]
            found[block["block_id"]] = forms.complaint(block, state)
    return {block_id: text for block_id, text in found.items() if text}


def _by_label(view: View) -> dict[str, str]:
    labels = {b["block_id"]: b["label"]["text"] for b in view.blocks if b["type"] == "input"}
    return {labels[block_id]: text for block_id, text in view.errors.items()}


def _follow(space: Workspace, user: User, view: View, answer: Any) -> None:
    """Do with the modal what the app answered."""
    if not answer:
        _close(space, user, view)
        return
    action = answer.get("response_action") if isinstance(answer, dict) else None
    if action == "errors":
        view.errors = _checked_errors(view, answer)
    elif action == "clear":
        space.modals[user.id] = []
    elif action == "update":
        check_view(answer.get("view"), "modal", space.files)
        view.show(answer["view"])
    elif action == "push":
        check_view(answer.get("view"), "modal", space.files)
        modals.put_on_top(space, user.id, answer["view"], space.modals.get(user.id, []))
    else:
        raise BadAnswer(f"view_submission: unknown response_action in {answer!r}")


def _close(space: Workspace, user: User, view: View) -> None:
    """Back to the modal below, if there is one."""
    stack = space.modals.get(user.id, [])
    space.modals[user.id] = [one for one in stack if one is not view]


def _checked_errors(view: View, answer: Json) -> dict[str, str]:
    errors = answer.get("errors")
    if not isinstance(errors, dict) or not errors:
        raise BadAnswer("view_submission: response_action errors without errors")
    inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
    if unknown := set(errors) - inputs:
        raise BadAnswer(f"view_submission: errors for unknown input blocks {sorted(unknown)}")
    if not all(isinstance(text, str) and text for text in errors.values()):
        raise BadAnswer("view_submission: an error must be a text")
    return errors
