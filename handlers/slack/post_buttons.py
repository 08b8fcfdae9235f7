"""What can be done with a post: on its card, on Home, in a message to one person. Pure."""

from collections.abc import Sequence

from bot.actions.views import PlacementView, PostView
from bot.rules.people import PlatformPeople, allowed, roles_of
from bot.rules.posts import PlacementStatus, PostAction, PostStatus, can
from bot.texts import Texts
from handlers.slack.blocks import Block, button, menu


def post_buttons(post: PostView, t: Texts) -> list[Block]:
    """Only what is possible now; who may do it is checked when it is pressed."""
    value = f"{post.id}:{post.revision}"
    buttons: list[Block] = []
    more: list[tuple[str, str, str]] = []
    if is_undecided(post):
        approve = "post.approve" if post.planned_at else "post.plan"
        buttons = [
            button(t("Approve"), approve, value, "primary"),
            button(t("Request changes"), "post.request_changes", value),
            button(t("Reject"), "post.reject", value, "danger"),
        ]
        more = [
            (t("Approve with an edit"), "post.approve_edited", value),
            (t("Hold"), "post.hold", value),
        ]
    if is_editable(post):
        buttons.append(button(t("Edit"), "post.edit", value))
    if _any_can(post.placements, PostAction.MOVE):
        label = t("Move") if post.planned_at else t("Choose a date")
        buttons.append(button(label, "post.move", value))
    if _any_can(post.placements, PostAction.WITHDRAW):
        buttons.append(button(t("Withdraw"), "post.withdraw", value))
    if post.status is PostStatus.WITHDRAWN and post.story_id is None:
        buttons.append(button(t("Reopen"), "post.reopen", value))
    if any(placement.status is PlacementStatus.PUBLISHED for placement in post.placements):
        buttons.append(button(t("Figures"), "figures.post", str(post.id)))
    return [*buttons, *([menu("post.more", more)] if more else [])]


def is_undecided(post: PostView) -> bool:
    """Whether it can still be approved for some platform."""
    return _any_can(post.placements, PostAction.APPROVE)


def is_editable(post: PostView) -> bool:
    """Until something went out, and not when all is over."""
    over = (PlacementStatus.REJECTED, PlacementStatus.WITHDRAWN)
    left = [placement.status for placement in post.placements if placement.status not in over]
    return bool(left) and all(can(status, PostAction.EDIT) for status in left)


def buttons_for(post: PostView, person: str, t: Texts) -> list[Block]:
    """Those of the card that are for this person."""
    decides = any(person in placement.deciders for placement in post.placements)
    roles = roles_of(person, post.proposer, responsible_for(post), decides=decides)
    may = allowed(roles)
    theirs = {f"post.{what}" for what in may}
    if PostAction.APPROVE in may:  # also with a date; the other ways to decide are in the menu
        theirs |= {"post.plan", "post.more"}
    return [button for button in post_buttons(post, t) if button["action_id"] in theirs]


def responsible_for(post: PostView) -> list[PlatformPeople]:
    """Whoever they are, owner or deputy: whose turn it is to decide, the placements say."""
    return [PlatformPeople(p.platform_key, p.platform, p.owners) for p in post.placements]


def _any_can(placements: Sequence[PlacementView], what: PostAction) -> bool:
    return any(can(placement.status, what) for placement in placements)
