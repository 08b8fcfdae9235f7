"""Small real files for people to send: pictures that differ, and a voice message."""

from base64 import b64decode

THUMBNAIL = b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAFA3PEY8MlBGQUZaVVBfeMiCeG5uePWvuZHI//////////////////////"
    "//////////////////////////////2wBDAVVaWnhpeOuCguv/////////////////////////////////////////"
    "////////////////////////////////wAARCAAGAAgDASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAP/xA"
    "AUEAEAAAAAAAAAAAAAAAAAAAAA/8QAFQEBAQAAAAAAAAAAAAAAAAAAAQL/xAAUEQEAAAAAAAAAAAAAAAAAAAAA/9oA"
    "DAMBAAIRAxEAPwCwCS//2Q=="
)

_PICTURE = b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABsSFBcUERsXFhceHBsgKEIrKCUlKFE6PTBCYFVlZF9VXVtqeJmBanGQc1"
    "tdhbWGkJ6jq62rZ4C8ybqmx5moq6T/2wBDARweHigjKE4rK06kbl1upKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSk"
    "pKSkpKSkpKSkpKSkpKSkpKSkpKSkpKT/wAARCAB4AKADASIAAhEBAxEB/8QAGgABAQEBAQEBAAAAAAAAAAAAAQAFBA"
    "MCBv/EACoQAAICAgEDAgUFAQAAAAAAAAARAQIDBCESMUEFUSJxgZHRMkJSobHh/8QAGQEBAQEBAQEAAAAAAAAAAAAA"
    "AgEAAwUE/8QAGREBAQEBAQEAAAAAAAAAAAAAAAECEUEx/9oADAMBAAIRAxEAPwDOQokKPocpQhQoUQpQhRIUQ5UiQo"
    "UQ5QhQokQpUhRIUQ5QhQoUQpQhRIUQ5UiQoUYpQhQokQ5XEiQoUdnjShChRIhSpCiQohyhChQohyhChiszMRETMz2i"
    "DT1PTVMX2Fx+zv8AclvClZiJGvuenxlmcmJRfzXxaTLtS1LdNqzWY8TCJNdOV8oUKJGKVIUSFEOUIUKJEKVIUSFEOV"
    "woUKFHZ40oQokKMcqRIUKIUoR64MGTPfpx1fvPiPme2no32Fefhxvv5n5Gvhw0wY4pSFEf2C646SPLV08etD4vf+Ux"
    "/h0kRy700eOxrY9ikxaFbxZcwexGZh7GtfXvMWh18WXEnmjevSt6zW0Os94MzZ0rYnbG7UiOfeBzRSuRChQozpKEKJ"
    "CjHKkSFCiFK4UKFEjs8aVIUSFEOVRWZmIiJmZ7RBp6np0Qr7EcxPFPH1Pr07HrdPVSerJy+riY+h3nPWvHfOfaiIgO"
    "iIiMyIiMyIiMzk2tOuR3x8X9vEmfalqWmtoUx3g2zn26YZp1ZJVlxMd/+l6UrMQokKM6yhChQohSuFCiQo7PGlCFCh"
    "RjlNLWx3i9JVo7Sampu1yxFMsrJ2j2sZSFBs66Z1Y/QEZurvWoqZXar/V5j8mhS1b1i1ZcT2k52cd5qV9ERGJERGZE"
    "EzEQ5lRBxbG4/hxTwubfgzPfY2a4omI5v7Gfe9sluq8uQlzLnmZJGKJEhQohyhChRIxSuJEhQo7PGlCFCiRDlSFEhR"
    "ClCPbBnvgs6y6+a+JPNCiHK18OamavVSe3eJ7wehjUtalotWVMdpNDX24yTFbx02n7SF3zvv10nxkyVx0m1p4/089j"
    "Zri+GObrt7fM4L3tkt1XlyZbX3sbFs1lDiniPyeSFEjN1IUSFEKUIUKFEOUIUSFEKVwoUKFHZ40oQokKMcqRIUKIUo"
    "QoUSIcqQokKIcoQoUKIUoQokKIcqRIUKIUoQoUSIcqQokKMUrhQoiOzx4UKIiFEhREQ4UKIjFCiREQ4UKIiHChREQo"
    "kKIiHChREQoUSIiHH//Z"
)

_OGG_PAGE = b"OggS\0\2" + bytes(8) + b"\1\0\0\0" + bytes(8) + b"\1\x13"
_OPUS_HEAD = b"OpusHead\1\1\x38\1\x80\xbb\0\0\0\0\0"


def picture(number: int = 0) -> bytes:
    """A JPEG of 160 by 120; each number gives different bytes, so another file."""
    comment = str(number).encode()
    segment = b"\xff\xfe" + (len(comment) + 2).to_bytes(2) + comment
    return _PICTURE[:2] + segment + _PICTURE[2:]


def voice(number: int = 0) -> bytes:
    """The beginning of an Ogg Opus file, as a voice message has it."""
    return _OGG_PAGE + _OPUS_HEAD + b"OpusTags" + str(number).encode()
