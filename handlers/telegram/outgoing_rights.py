"""Notices about a follower's rights: what is kept, everything as files, the second question."""

import asyncio
import io
import json
import zipfile
from collections.abc import Mapping

from bot.actions import followers, my_data
from bot.actions.my_data import Parcel
from bot.outbox import Receipt
from bot.texts import Texts, texts_in
from handlers.telegram import messages_rights as messages
from handlers.telegram.keyboards import forget_keyboard
from handlers.telegram.letters import Letter, Send


async def _privacy(letter: Letter) -> Receipt:
    t = await letter.texts()
    kept = await followers.what_is_kept(letter.desk)
    return await letter.say(messages.privacy(t, await letter.organisation(), kept))


async def _forget_ask(letter: Letter) -> Receipt:
    t = await letter.texts()
    return await letter.say(messages.forget_ask(t), forget_keyboard(t, letter.payload["token"]))


async def _coming(letter: Letter) -> Receipt:
    return await letter.say(messages.data_coming(await letter.texts(), letter.payload["parcels"]))


async def _parcel(letter: Letter) -> Receipt:
    """One zip of the follower's data."""
    number, parcels = letter.payload["number"], letter.payload["parcels"]
    parcel = await my_data.parcel(letter.desk, letter.follower_id, number, letter.payload["files"])
    t = texts_in(parcel.language)
    sent = await letter.bot.send_document(
        letter.chat,
        await asyncio.to_thread(_zip, parcel, t),
        caption=messages.data_parcel(t, number, parcels),
        filename=messages.parcel_name(t, number, parcels),
        disable_content_type_detection=True,
    )
    return {"message_id": sent.message_id}


def _zip(parcel: Parcel, t: Texts) -> bytes:
    """Pictures and recordings are packed already, so they are stored as they are. A file that is
    gone from the disk must not keep the rest."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        if parcel.written is not None:
            written = json.dumps(parcel.written, ensure_ascii=False, indent=2)
            archive.writestr(messages.data_name(t), written, zipfile.ZIP_DEFLATED)
        for file in parcel.files:
            if file.path.exists():
                archive.write(file.path, file.name)
    return packed.getvalue()


async def _count(letter: Letter) -> Receipt:
    """How many the channel has; nothing is sent."""
    return {"members": await letter.bot.get_chat_member_count(letter.chat)}


KINDS: Mapping[str, Send] = {
    "privacy": _privacy,
    "forget.ask": _forget_ask,
    "mydata.coming": _coming,
    "mydata": _parcel,
    "channel.count": _count,
}
