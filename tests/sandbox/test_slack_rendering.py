"""What a person sees: mrkdwn, dates in their own zone and language, blocks and forms as text."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.sandbox.slack import Message, Person, SlackServer
from bot.sandbox.slack.modals import put_on_top
from tests.sandbox.slack_app import Clock, actions, button, field_of, modal, options, plain, section

NOON = int(datetime(2026, 3, 9, 12, 0, tzinfo=UTC).timestamp())


@pytest.fixture
def slack() -> SlackServer:
    return SlackServer(Clock())


@pytest.fixture
def anna(slack: SlackServer) -> Person:
    return slack.add_person("U01ANNA", "Anna de Vries", locale="nl-NL", tz="Europe/Amsterdam")


@pytest.fixture
def bob(slack: SlackServer) -> Person:
    return slack.add_person("U02BOB", "Bob Smith", locale="en-US", tz="America/New_York")


def message(slack: SlackServer, text: str = "", *blocks: dict[str, Any], **more: Any) -> Message:
    return Message(slack.space, "C01", "1.2", "U01SOCIAL", text, list(blocks), **more)


@pytest.mark.parametrize(
    ("mrkdwn", "seen"),
    [
        ("*bold* and _italic_ and ~gone~", "bold and italic and gone"),
        ("*_both_*", "both"),
        ("2 * 3 * 4, a_b_c, x*y*z", "2 * 3 * 4, a_b_c, x*y*z"),
        ("a &lt;b&gt; &amp;amp; c", "a <b> &amp; c"),
        ("&lt;!channel&gt; &lt;@U01ANNA&gt;", "<!channel> <@U01ANNA>"),
        ("<!channel> <!here>", "@channel @here"),
        ("<@U01ANNA>, <@U02BOB|bob>", "@Anna de Vries, @bob"),
        ("<https://example.org/a_b_c|the *site*>", "the *site*"),
        ("<https://example.org/?a=1&amp;b=2>", "https://example.org/?a=1&b=2"),
        ("<mailto:a@b.nl|a@b.nl>", "a@b.nl"),
        ("`*code*` ```\n_more_\n```", "*code* _more_"),
        ("> quoted\n&gt; not", "quoted\n> not"),
        ("<!date^abc^{date}|on Monday>", "on Monday"),
        (f"<!date^{NOON}^{{nonsense}}|on Monday>", "on Monday"),
        ("مرحبا :tada: 👩‍💻", "مرحبا :tada: 👩‍💻"),
    ],
)
def test_mrkdwn_reads_as_it_is_shown(
    slack: SlackServer, anna: Person, bob: Person, mrkdwn: str, seen: str
) -> None:
    assert message(slack, mrkdwn).seen_by(anna) == seen.replace("@bob", f"@{bob.name}")


def test_dates_stand_in_the_readers_own_zone_and_language(
    slack: SlackServer, anna: Person, bob: Person
) -> None:
    text = f"<!date^{NOON}^{{date_long}} {{time}}|later>"
    assert message(slack, text).seen_by(anna) == "maandag 9 maart 2026 13:00"
    assert message(slack, text).seen_by(bob) == "Monday, March 9, 2026 8:00 AM"
    tomorrow = int(datetime(2026, 3, 3, 1, 0, tzinfo=UTC).timestamp())
    near = message(slack, f"<!date^{tomorrow}^{{date_short_pretty}}|soon>")
    assert near.seen_by(anna) == "morgen"
    assert near.seen_by(bob) == "today"


def test_a_message_reads_block_by_block(slack: SlackServer, anna: Person) -> None:
    picture = {"type": "image", "alt_text": "a tree", "image_url": "https://example.org/a.png"}
    shown = message(
        slack,
        "for the notification alone",
        {"type": "header", "text": plain("Proposal & more")},
        section("*Text*\nof it", accessory=button("Open")),
        {"type": "section", "fields": [plain("Pillar"), plain("Fun")], "accessory": picture},
        {"type": "divider"},
        {"type": "context", "elements": [picture, plain("by Anna")]},
        {**picture, "title": plain("The tree")},
        actions(
            button("✅ Approve"), button("Reject"), {"type": "overflow", "options": options("Edit")}
        ),
    )
    assert shown.seen_by(anna).splitlines() == [
        "Proposal & more",
        "Text",
        "of it",
        "[Open]",
        "Pillar",
        "Fun",
        "[picture: a tree]",
        "[picture: a tree] by Anna",
        "The tree",
        "[picture: a tree]",
        "[✅ Approve] [Reject] [Edit]",
    ]


def test_a_form_reads_with_what_is_in_it(slack: SlackServer, anna: Person) -> None:
    when = {"type": "datetimepicker", "initial_date_time": NOON}
    pillar = {"type": "radio_buttons", "options": options("Fun", "News")}
    platforms = {"type": "checkboxes", "options": options("Telegram", "Krant")}
    form = modal(
        field_of("Text", {"type": "plain_text_input", "initial_value": "a *b* &lt;"}),
        field_of("Platforms", {**platforms, "initial_options": options("Telegram", "Krant")}),
        field_of("Pillar", pillar, hint=plain("What kind of post")),
        field_of("When", when),
        field_of("Owner", {"type": "users_select", "initial_user": "U01ANNA"}),
    )
    view = put_on_top(slack.space, anna.id, form, [])
    assert view.seen_by(anna).splitlines() == [
        "A form",
        "Text: a *b* &lt;",
        "Platforms: Telegram, Krant",
        "Pillar:",
        "What kind of post",
        "When: maandag 9 maart 2026, 13:00",
        "Owner: @Anna de Vries",
        "[Send] [Cancel]",
    ]


def test_text_without_markup_and_files(slack: SlackServer, anna: Person) -> None:
    photo, sound = anna.upload("a.jpg", b"jpg"), anna.upload("b.ogg", b"ogg")
    shown = message(slack, "*as it is*", mrkdwn=False, files=[photo.id, sound.id])
    assert shown.seen_by(anna) == "*as it is*\n[picture: a.jpg]\n[file: b.ogg]"
