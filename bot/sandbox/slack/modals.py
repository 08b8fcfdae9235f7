"""views.*: opening, stacking, updating and publishing."""

from typing import Any

from bot.sandbox.slack.arguments import Method
from bot.sandbox.slack.blocks import check_view
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.state import Json
from bot.sandbox.slack.views import HIGHEST_STACK, View
from bot.sandbox.slack.workspace import Trigger, Workspace


def open_view(space: Workspace, given: Json) -> Json:
    trigger = _checked(space, given)
    return {"view": put_on_top(space, trigger.user, given["view"], []).wire()}


def push_view(space: Workspace, given: Json) -> Json:
    trigger = _checked(space, given)
    stack = space.modals.get(trigger.user, [])
    if trigger.view not in {view.id for view in stack}:
        raise SlackError("not_found")
    return {"view": put_on_top(space, trigger.user, given["view"], stack).wire()}


def update_view(space: Workspace, given: Json) -> Json:
    if ("view_id" in given) == ("external_id" in given):
        raise SlackError("invalid_arguments", ["must define either view_id or external_id"])
    key, attribute = ("view_id", "id") if "view_id" in given else ("external_id", "external_id")
    views = [view for view in space.all_views() if getattr(view, attribute) == given[key]]
    if not views:
        raise SlackError("not_found")
    view = views[0]
    _check_hash(view, given)
    check_view(given["view"], view.type, space.files)
    _check_external_id(space, given["view"], view)
    view.show(given["view"])
    return {"view": view.wire()}


def publish_view(space: Workspace, given: Json) -> Json:
    user = space.user(given["user_id"])
    check_view(given["view"], "home", space.files)
    home = space.homes.get(user.id)
    if home is not None:
        _check_hash(home, given)
    _check_external_id(space, given["view"], home)
    home = home or View(space, space.new_id("V"), user.id, given["view"])
    space.homes[user.id] = home
    home.show(given["view"])
    return {"view": home.wire()}


def put_on_top(space: Workspace, user_id: str, definition: Any, below: list[View]) -> View:
    """Show a modal on top of these. Raises `push_limit_reached`, `duplicate_external_id`."""
    if len(below) >= HIGHEST_STACK:
        raise SlackError("push_limit_reached")
    _check_external_id(space, definition, None)
    view = View(space, space.new_id("V"), user_id, definition)
    view.root = below[0].id if below else view.id
    view.previous = below[-1].id if below else None
    space.modals[user_id] = [*below, view]
    view.show(definition)
    return view


def _checked(space: Workspace, given: Json) -> Trigger:
    """A mistake in the view does not use the trigger up; a good one does."""
    check_view(given["view"], "modal", space.files)
    return space.use_trigger(given["trigger_id"])


def _check_hash(view: View, given: Json) -> None:
    if given.get("hash", view.hash) != view.hash:
        raise SlackError("hash_conflict")


def _check_external_id(space: Workspace, definition: Json, own: View | None) -> None:
    wanted = definition.get("external_id")
    taken = [view for view in space.all_views() if view is not own]
    if wanted and any(view.external_id == wanted for view in taken):
        raise SlackError("duplicate_external_id")


_OPEN = {"trigger_id": "str", "view": "json"}

METHODS = {
    "views.open": Method(open_view, _OPEN),
    "views.push": Method(push_view, _OPEN),
    "views.update": Method(
        update_view, {"view": "json"}, {"view_id": "str", "external_id": "str", "hash": "str"}
    ),
    "views.publish": Method(publish_view, {"user_id": "str", "view": "json"}, {"hash": "str"}),
}
