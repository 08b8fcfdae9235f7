"""What a file is, whatever it is called: looked at before it is kept."""

import io
import warnings

from bot.rules.refusals import SamenspraakError
from bot.texts import N_

MOST_PIXELS = 50_000_000
"""A picture is unpacked to be looked at: 200 MB at most. A small file can claim far more."""

KINDS_OF_PICTURES = ("JPEG", "PNG", "GIF")
"""What every place that a post can go to shows."""

RECORDINGS = (b"OggS", b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf1", b"RIFF", b"\x1aE\xdf\xa3")
"""How recordings begin; an MPEG-4 says so four bytes later."""

NO_PICTURE = N_(
    "I left out one of your files: it is called a picture, and I cannot open it as one. The rest "
    "of your story is safe. Do you want it in the story after all? Send it to us another time, as "
    "a photo."
)
TOO_LARGE = N_(
    "I left out one of your pictures: it is too large to open. The rest of your story is safe."
)
NO_RECORDING = N_(
    "I left out one of your files: it is called a recording, and I cannot play it. The rest of "
    "your story is safe."
)


class NotWhatItSays(SamenspraakError):
    """Neither Slack nor Telegram could show it. `sentence` is what its sender reads."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def check_content(kind: str, content: bytes) -> None:
    """kind: photo, voice or video. Takes its time. Raises NotWhatItSays."""
    if kind == "photo":
        _check_picture(content)
    elif not (content.startswith(RECORDINGS) or content[4:8] == b"ftyp"):
        raise NotWhatItSays(NO_RECORDING)


def _check_picture(content: bytes) -> None:
    """By unpacking it; how large it would be stands at its beginning."""
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415 - only who gets files needs it

    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with Image.open(io.BytesIO(content), formats=KINDS_OF_PICTURES) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise NotWhatItSays(TOO_LARGE)
                picture.load()
        except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
            raise NotWhatItSays(TOO_LARGE) from error
        except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
            raise NotWhatItSays(NO_PICTURE) from error
