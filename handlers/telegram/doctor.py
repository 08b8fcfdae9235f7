"""Whether Telegram will work: what is missing or wrong in the settings, one line each."""

from telegram import Bot, ChatMember
from telegram.error import InvalidToken, TelegramError

from bot.settings import Settings
from bot.texts import Texts


def _bot(settings: Settings) -> Bot:
    assert settings.telegram_bot_token is not None
    return Bot(
        settings.telegram_bot_token.get_secret_value(),
        base_url=settings.telegram_api_url,
        base_file_url=settings.telegram_file_url,
    )


def missing(settings: Settings, t: Texts) -> list[str]:
    found = []
    if settings.telegram_bot_token is None:
        found.append(
            t(
                "TELEGRAM_BOT_TOKEN is missing: write /newbot to @BotFather in Telegram; "
                "it answers with the token"
            )
        )
    if not settings.telegram_channel:
        found.append(
            t(
                "TELEGRAM_CHANNEL is missing: the name of your channel, such as @leestafel; "
                "make the bot an administrator there"
            )
        )
    return found


async def wrong(settings: Settings, t: Texts) -> list[str]:
    """The token, where Telegram does not accept it. Needs it to be there."""
    try:
        async with _bot(settings):
            return []  # it said who it is
    except InvalidToken:
        return [
            t(
                "TELEGRAM_BOT_TOKEN is not accepted by Telegram: copy it again from @BotFather; "
                "/mybots shows your bots"
            )
        ]
    except TelegramError:
        return [
            t(
                "TELEGRAM_API_URL: Telegram cannot be reached at {address}; "
                "is there a connection to the internet?",
                address=settings.telegram_api_url,
            )
        ]


async def advice(settings: Settings, t: Texts) -> list[str]:
    """What will not work although the token is right: the channel."""
    channel = settings.telegram_channel or ""
    async with _bot(settings) as bot:
        try:
            member = await bot.get_chat_member(channel, bot.id)
        except TelegramError:
            member = None
    if member is None or member.status not in (ChatMember.ADMINISTRATOR, ChatMember.OWNER):
        return [
            t(
                "TELEGRAM_CHANNEL: the bot cannot post in {channel}; "
                "make it an administrator of that channel",
                channel=channel,
            )
        ]
    return []
