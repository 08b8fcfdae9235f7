"""What a workspace is made of: its people, channels and files, and how Slack writes them."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

Json = dict[str, Any]
"""A JSON object, as it goes over the wire."""

IMAGE_TYPES = {"image/png": "png", "image/jpeg": "jpg", "image/gif": "gif"}
"""The pictures that Slack shows in a block, and its names for them."""


class Reader(Protocol):
    """Whoever looks at a message: what is shown depends on their language and time zone."""

    @property
    def id(self) -> str: ...
    @property
    def locale(self) -> str: ...
    @property
    def tz(self) -> str: ...


@dataclass(frozen=True)
class Team:
    id: str = "T01SANDBOX"
    name: str = "De Leestafel"
    domain: str = "leestafel"


@dataclass
class User:
    id: str
    name: str
    handle: str
    locale: str = "en-US"
    tz: str = "Europe/Amsterdam"
    is_bot: bool = False
    active: bool = True
    """Has Slack open: an ephemeral message reaches nobody else."""
    deleted: bool = False
    """Left the workspace."""

    def brief(self, team: Team) -> Json:
        return {
            "id": self.id,
            "username": self.handle,
            "name": self.handle,
            "team_id": team.id,
        }

    def wire(self, team: Team, now: datetime, *, with_locale: bool) -> Json:
        offset = now.astimezone(ZoneInfo(self.tz)).utcoffset()
        assert offset is not None
        wire = {
            "id": self.id,
            "team_id": team.id,
            "name": self.handle,
            "deleted": self.deleted,
            "real_name": self.name,
            "tz": self.tz,
            "tz_label": self.tz,
            "tz_offset": int(offset.total_seconds()),
            "profile": {
                "real_name": self.name,
                "real_name_normalized": self.name,
                "display_name": self.handle,
                "display_name_normalized": self.handle,
                "team": team.id,
            },
            "is_admin": False,
            "is_owner": False,
            "is_restricted": False,
            "is_bot": self.is_bot,
            "is_app_user": False,
            "updated": 0,
        }
        return wire | ({"locale": self.locale} if with_locale else {})


@dataclass
class SlackFile:
    id: str
    name: str
    user: str
    created: int
    content: bytes = field(default=b"", repr=False)
    mimetype: str = "application/octet-stream"
    title: str = ""
    alt_text: str = ""
    expected: int = 0
    """The length that was announced before the upload, in bytes."""
    uploaded: bool = False
    shared: bool = False
    """The upload was completed: only then does the file exist for others."""

    @property
    def filetype(self) -> str:
        ending = self.name.rpartition(".")[2].lower() if "." in self.name else "binary"
        return IMAGE_TYPES.get(self.mimetype, ending)

    def wire(self, base_url: str, team: Team) -> Json:
        path = f"{base_url}/files-pri/{team.id}-{self.id}"
        return {
            "id": self.id,
            "created": self.created,
            "timestamp": self.created,
            "name": self.name,
            "title": self.title or self.name,
            "mimetype": self.mimetype,
            "filetype": self.filetype,
            "pretty_type": self.filetype.upper(),
            "user": self.user,
            "user_team": team.id,
            "size": len(self.content),
            "mode": "hosted",
            "is_external": False,
            "is_public": False,
            "url_private": f"{path}/{self.name}",
            "url_private_download": f"{path}/download/{self.name}",
            "permalink": f"{base_url}/files/{self.user}/{self.id}/{self.name}",
            **({"alt_txt": self.alt_text} if self.alt_text else {}),
        }


@dataclass
class Channel:
    id: str
    name: str
    members: list[str]
    created: int
    is_im: bool = False

    def wire(self, bot: str) -> Json:
        if self.is_im:
            user = next(member for member in self.members if member != bot)
            return {
                "id": self.id,
                "created": self.created,
                "is_im": True,
                "is_org_shared": False,
                "is_archived": False,
                "user": user,
                "is_user_deleted": False,
            }
        return {
            "id": self.id,
            "name": self.name,
            "name_normalized": self.name,
            "created": self.created,
            "is_channel": True,
            "is_group": False,
            "is_im": False,
            "is_mpim": False,
            "is_private": False,
            "is_archived": False,
            "is_general": False,
            "is_member": bot in self.members,
            "num_members": len(self.members),
            "topic": {"value": "", "creator": "", "last_set": 0},
            "purpose": {"value": "", "creator": "", "last_set": 0},
        }
