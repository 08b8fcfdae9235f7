"""The elements of Block Kit (buttons, inputs, pictures) with their documented limits.

Source: docs.slack.dev/reference/block-kit/block-elements and …/composition-objects.
"""

from bot.sandbox.slack.checks import (
    Check,
    any_text,
    array,
    boolean,
    choice,
    exactly_one_of,
    fitting_initial_value,
    integer,
    known_options,
    known_picture,
    plain_text,
    record,
    string,
    typed,
)

URL = string(3000, pattern=r"[a-z][a-z0-9+.-]*:.+")
USER = string(pattern=r"[UW][A-Z0-9]+")
CHANNEL = string(pattern=r"[CG][A-Z0-9]+")
CONVERSATION = string(pattern=r"[CDG][A-Z0-9]+")
NUMBER = string(pattern=r"-?[0-9]+(\.[0-9]+)?")
PLACEHOLDER = plain_text(150)
ACTION = {"action_id": string(255)}
STYLE = choice("primary", "danger")

CONFIRM = record(
    {
        "title": plain_text(100),
        "text": any_text(300),
        "confirm": plain_text(30),
        "deny": plain_text(30),
    },
    {"style": STYLE},
)
ASKED = {**ACTION, "confirm": CONFIRM}
TYPED_IN = {
    **ACTION,
    "placeholder": PLACEHOLDER,
    "focus_on_load": boolean,
    "dispatch_action_config": record(
        {"trigger_actions_on": array(choice("on_enter_pressed", "on_character_entered"), 2)}
    ),
}
PICKED = {**ASKED, "placeholder": PLACEHOLDER, "focus_on_load": boolean}
TICKED = {**ASKED, "focus_on_load": boolean}

OPTION = record(
    {"text": plain_text(75), "value": string(150)},
    {"description": plain_text(75)},
)
RICH_OPTION = record(
    {"text": any_text(75), "value": string(150)},
    {"description": any_text(75)},
)
OVERFLOW_OPTION = record(
    {"text": plain_text(75), "value": string(150)},
    {"description": plain_text(75), "url": URL},
)
OPTION_GROUP = record({"label": plain_text(75), "options": array(OPTION, 100)})
OPTIONS = {"options": array(OPTION, 100), "option_groups": array(OPTION_GROUP, 100)}
SEVERAL = {"max_selected_items": integer(1, 100)}
ONE_LIST = exactly_one_of("options", "option_groups")
FILTER = record(
    {},
    {
        "include": array(choice("im", "mpim", "private", "public")),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    },
)
CONVERSATIONS = {
    **PICKED,
    "default_to_current_conversation": boolean,
    "filter": FILTER,
}

SLACK_FILE = record(
    {}, {"id": string(), "url": string()}, exactly_one_of("id", "url"), known_picture
)
PICTURE_SOURCE = exactly_one_of("image_url", "slack_file")
IMAGE = record(
    {"alt_text": string(2000)},
    {"image_url": URL, "slack_file": SLACK_FILE},
    PICTURE_SOURCE,
)

BUTTON = record(
    {"text": plain_text(75)},
    {
        **ASKED,
        "url": URL,
        "value": string(2000),
        "style": STYLE,
        "accessibility_label": string(75),
    },
)

CHOICES: dict[str, Check] = {
    "static_select": record(
        {}, {**PICKED, **OPTIONS, "initial_option": OPTION}, ONE_LIST, known_options
    ),
    "multi_static_select": record(
        {},
        {**PICKED, **OPTIONS, **SEVERAL, "initial_options": array(OPTION, 100)},
        ONE_LIST,
        known_options,
    ),
    "users_select": record({}, {**PICKED, "initial_user": USER}),
    "multi_users_select": record({}, {**PICKED, **SEVERAL, "initial_users": array(USER)}),
    "channels_select": record(
        {}, {**PICKED, "initial_channel": CHANNEL, "response_url_enabled": boolean}
    ),
    "multi_channels_select": record({}, {**PICKED, **SEVERAL, "initial_channels": array(CHANNEL)}),
    "conversations_select": record(
        {},
        {**CONVERSATIONS, "initial_conversation": CONVERSATION, "response_url_enabled": boolean},
    ),
    "multi_conversations_select": record(
        {}, {**CONVERSATIONS, **SEVERAL, "initial_conversations": array(CONVERSATION)}
    ),
    "checkboxes": record(
        {"options": array(RICH_OPTION, 10)},
        {**TICKED, "initial_options": array(RICH_OPTION, 10)},
        known_options,
    ),
    "radio_buttons": record(
        {"options": array(RICH_OPTION, 10)},
        {**TICKED, "initial_option": RICH_OPTION},
        known_options,
    ),
    "datepicker": record(
        {}, {**PICKED, "initial_date": string(pattern=r"\d{4}-(0[1-9]|1[0-2])-[0-3]\d")}
    ),
    "timepicker": record(
        {},
        {
            **PICKED,
            "initial_time": string(pattern=r"([01]\d|2[0-3]):[0-5]\d"),
            "timezone": string(),
        },
    ),
}

INPUTS: dict[str, Check] = {
    **CHOICES,
    # Ten digits: a moment in seconds, not in milliseconds.
    "datetimepicker": record(
        {}, {**TICKED, "initial_date_time": integer(1_000_000_000, 9_999_999_999)}
    ),
    "plain_text_input": record(
        {},
        {
            **TYPED_IN,
            "initial_value": string(3000, shortest=0),
            "multiline": boolean,
            "min_length": integer(0, 3000),
            "max_length": integer(1, 3000),
        },
        fitting_initial_value,
    ),
    "email_text_input": record({}, {**TYPED_IN, "initial_value": string(shortest=0)}),
    "url_text_input": record({}, {**TYPED_IN, "initial_value": string(shortest=0)}),
    "number_input": record(
        {"is_decimal_allowed": boolean},
        {**TYPED_IN, "initial_value": NUMBER, "min_value": NUMBER, "max_value": NUMBER},
    ),
    "file_input": record({}, {**ACTION, "filetypes": array(string()), "max_files": integer(1, 10)}),
}

OVERFLOW = record({"options": array(OVERFLOW_OPTION, 5)}, ASKED, known_options)

IN_ACTIONS = typed(
    {
        **CHOICES,
        "datetimepicker": INPUTS["datetimepicker"],
        "button": BUTTON,
        "overflow": OVERFLOW,
    }
)
IN_SECTION = typed({**CHOICES, "button": BUTTON, "overflow": OVERFLOW, "image": IMAGE})
IN_INPUT = typed(INPUTS)
IN_CONTEXT = typed(
    {
        "image": IMAGE,
        "plain_text": plain_text(3000),
        "mrkdwn": any_text(3000),
    }
)
