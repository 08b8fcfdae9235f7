"""How long a text is, as a platform counts it."""

import re
import unicodedata
from enum import StrEnum

import regex


class Counting(StrEnum):
    """What a platform counts in a text."""

    CHARACTERS = "characters"  # code points
    UTF_16 = "utf-16"  # UTF-16 code units
    GRAPHEMES = "graphemes"  # what a person sees as one character, such as Bluesky
    MASTODON = "mastodon"  # graphemes; a link is 23, and of @name@server only @name counts
    X = "x"  # weighted: most letters 1, emoji and many other scripts 2, a link 23


_A_LINK = 23
_HOST = r"[\w-]+(?:\.[\w-]+)+"
_REST = r"""(?::\d+)?(?:[/?#](?:[^\s<>"“”]*[^\s<>"“”.,;:!?'’)\]}…])?)?"""
_BEFORE = r"(?<![\w@#$./-])"
_LINK = re.compile(rf"{_BEFORE}https?://{_HOST}{_REST}", re.IGNORECASE)

# X makes a link of an address without https://, too. It knows every ending of a domain; these are
# the ones that our posts have.
_ENDINGS = "nl|be|eu|de|fr|uk|com|org|net|info|edu|gov|io|app|amsterdam|frl"
_LINK_ON_X = re.compile(
    rf"{_BEFORE}(?:https?://{_HOST}|[\w-]+(?:\.[\w-]+)*\.(?:{_ENDINGS})(?![\w@-]|\.\w)){_REST}",
    re.IGNORECASE,
)

_NAME = r"\w+(?:[.-]+\w+)*"
_MENTION = re.compile(rf"(?<![\w=/])(@{_NAME})@{_NAME}")

# Source: twitter-text's configuration v3; its emoji weigh 2, whatever they are made of.
_LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
_EMOJI = regex.compile(
    r"\p{Emoji_Presentation}.*"
    r"|\p{Extended_Pictographic}[\uFE0F\u200D\p{Emoji_Modifier}].*"
    r"|[0-9#*]\uFE0F?\u20E3",
    regex.DOTALL,
)


def length(text: str, counting: Counting) -> int:
    match counting:
        case Counting.CHARACTERS:
            return len(text)
        case Counting.UTF_16:
            return len(text.encode("utf-16-le", "surrogatepass")) // 2
        case Counting.GRAPHEMES:
            return len(_graphemes(text))
        case Counting.MASTODON:
            return len(_graphemes(_MENTION.sub(r"\1", _LINK.sub("x" * _A_LINK, text))))
        case Counting.X:
            shown = _LINK_ON_X.sub("x" * _A_LINK, unicodedata.normalize("NFC", text))
            return sum(map(_weight, _graphemes(shown)))


def _graphemes(text: str) -> list[str]:
    return regex.findall(r"\X", text)


def _weight(grapheme: str) -> int:
    if _EMOJI.fullmatch(grapheme):
        return 2
    return sum(1 if _is_light(ord(character)) else 2 for character in grapheme)


def _is_light(code_point: int) -> bool:
    return any(first <= code_point <= last for first, last in _LIGHT)
