"""Settings: admins change the strategy in modals. Three high at most: sections, list, form."""

from slack_sdk.errors import SlackApiError

from bot.actions import settings
from bot.rules.refusals import InvalidForm, Refusal
from handlers.slack import settings_forms, settings_views
from handlers.slack.errors import Handler, described, logger
from handlers.slack.incoming import Incoming
from handlers.slack.pages import page_of
from handlers.slack.words import in_mrkdwn, sentence

CHANGES = frozenset(
    {
        "settings.up",
        "settings.down",
        "settings.stop",
        "settings.back",
        "settings.part",
        "settings.pillars",
    }
)
"""Presses and submissions after which much on Home may be different."""


async def open_(incoming: Incoming) -> None:
    await settings.may_change(incoming.desk, incoming.by.id)
    await incoming.open(settings_views.sections(incoming.t))
    await incoming.ack()


async def show_section(incoming: Incoming) -> None:
    """Its list; of what is there once, its form."""
    found = await settings.show(incoming.desk, incoming.by.id, incoming.value)
    if found.kind == "organisation":
        await incoming.push(settings_forms.part(incoming.t, found.kind, found.in_use[0]))
    else:
        await incoming.push(settings_views.listing(found, incoming.t))
    await incoming.ack()


def said_in_the_list(handler: Handler) -> Handler:
    """A refusal stands above the list: behind a modal nobody sees a message."""

    async def guarded(incoming: Incoming) -> None:
        try:
            await handler(incoming)
        except Refusal as refusal:
            words = sentence(refusal, in_mrkdwn(incoming.t, incoming.desk.zone))
            await _show_list(incoming, _list_id(incoming), said=words)
            await incoming.ack()

    return guarded


async def turn_page(incoming: Incoming) -> None:
    _, page = page_of(incoming.value)
    await _show_list(incoming, _list_id(incoming), page)
    await incoming.ack()


@said_in_the_list
async def ask_part(incoming: Incoming) -> None:
    """A new part, or the one that this button is about."""
    found = await settings.show(incoming.desk, incoming.by.id, incoming.meta["kind"])
    setting = found.find(_key(incoming)) if _key(incoming) else None
    form = settings_forms.part(incoming.t, found.kind, setting, incoming.meta["page"])
    await incoming.push(form)
    await incoming.ack()


@said_in_the_list
async def ask_shares(incoming: Incoming) -> None:
    found = await settings.show(incoming.desk, incoming.by.id, "pillar")
    if len(found.in_use) > settings_forms.MOST_PILLARS:
        raise Refusal(
            "These are more pillars than fit in a form. Change them in the strategy file."
        )
    what, _, key = incoming.value.partition(":")
    page = incoming.meta["page"]
    await incoming.push(settings_forms.shares(incoming.t, found, what, key, page))
    await incoming.ack()


async def save_part(incoming: Incoming) -> None:
    meta = incoming.meta
    await settings.save(
        incoming.desk,
        incoming.by.id,
        meta["kind"],
        settings_forms.typed(meta["kind"], incoming.answers),
        meta.get("key"),
        meta.get("seen", ""),
    )
    await incoming.ack()
    _show_below(incoming)


async def save_shares(incoming: Incoming) -> None:
    answers = incoming.answers
    try:
        await settings.save_pillars(
            incoming.desk,
            incoming.by.id,
            settings_forms.typed_shares(answers),
            incoming.meta["seen"],
            answers.text("name") if "name" in answers.values else None,
        )
    except InvalidForm as invalid:
        raise InvalidForm(
            {settings_forms.field_of(key): why for key, why in invalid.errors.items()}
        ) from None
    await incoming.ack()
    _show_below(incoming)


@said_in_the_list
async def stop(incoming: Incoming) -> None:
    kind = incoming.meta["kind"]
    await settings.retire(incoming.desk, incoming.by.id, kind, _key(incoming))
    await _show_list(incoming, _list_id(incoming))
    await incoming.ack()


@said_in_the_list
async def bring_back(incoming: Incoming) -> None:
    kind = incoming.meta["kind"]
    await settings.bring_back(incoming.desk, incoming.by.id, kind, _key(incoming))
    await _show_list(incoming, _list_id(incoming))
    await incoming.ack()


@said_in_the_list
async def move(incoming: Incoming) -> None:
    place, _, key = incoming.value.partition(":")
    kind = incoming.meta["kind"]
    await settings.move(incoming.desk, incoming.by.id, kind, key, int(place))
    await _show_list(incoming, _list_id(incoming))
    await incoming.ack()


def _key(incoming: Incoming) -> str:
    """Of the part that the pressed button is about."""
    return incoming.value.partition(":")[2]


def _list_id(incoming: Incoming) -> str:
    """Of the list in which the button was pressed."""
    assert incoming.view is not None
    return str(incoming.view["id"])


def _show_below(incoming: Incoming) -> None:
    """The list below the form that was just closed becomes what it is now."""
    assert incoming.view is not None
    if incoming.meta["kind"] != "organisation":
        incoming.workspace.go_on(_show_anew(incoming, incoming.view["previous_view_id"]))


async def _show_anew(incoming: Incoming, view_id: str) -> None:
    try:
        await _show_list(incoming, view_id)
    except Exception as error:  # what was saved is saved; opening the list again shows it
        logger.warning("The settings could not be shown anew: %s", described(error))


async def _show_list(
    incoming: Incoming, view_id: str, page: int | None = None, said: str = ""
) -> None:
    """page: None is the one that was there. said: what just could not be done, and why."""
    found = await settings.show(incoming.desk, incoming.by.id, incoming.meta["kind"])
    page = incoming.meta["page"] if page is None else page
    view = settings_views.listing(found, incoming.t, page, said)
    try:
        await incoming.workspace.client.views_update(view_id=view_id, view=view)
    except SlackApiError as error:  # closed meanwhile, say; opened again it is up to date
        logger.warning("The settings could not be shown anew: %s", described(error))
