"""Socket Mode: the WebSocket connections of the app, envelopes, and their acknowledgements."""

import asyncio
import json
import uuid
from dataclasses import dataclass, field
from typing import Literal

from aiohttp import WSMsgType, web

from bot.sandbox.slack.errors import NotAcknowledged
from bot.sandbox.slack.state import Json
from bot.sandbox.slack.workspace import Workspace

Reason = Literal["warning", "refresh_requested"]


@dataclass(eq=False)
class Connection:
    socket: web.WebSocketResponse
    leaving: bool = False
    """It was told to go: nothing new is sent over it."""
    sent: set[str] = field(default_factory=set)
    """The envelopes that went over it and are not acknowledged yet."""


@dataclass
class SocketMode:
    space: Workspace
    ack_seconds: float = 3.0
    event_retries: tuple[float, ...] = (0.0, 1.0, 5.0)
    """Seconds before an event that was not acknowledged is sent again. Slack waits no time,
    then one minute, then five; here a minute is a second."""
    connections: list[Connection] = field(default_factory=list)
    _waiting: dict[str, asyncio.Future[Json | None]] = field(default_factory=dict)
    _redelivering: set[asyncio.Task[None]] = field(default_factory=set)
    _turn: int = 0

    @property
    def open(self) -> list[Connection]:
        """The connections that take envelopes."""
        return [c for c in self.connections if not c.leaving and not c.socket.closed]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        ticket = request.query.get("ticket", "")
        if ticket not in self.space.tickets:
            return web.Response(status=401, text="invalid ticket")
        self.space.tickets.remove(ticket)
        socket = web.WebSocketResponse(heartbeat=20, timeout=1)
        await socket.prepare(request)
        connection = Connection(socket)
        self.connections.append(connection)
        try:
            await self._talk(connection)
        finally:
            self.connections.remove(connection)
            self._give_up(connection)
            self.space.changes.tell()
        return socket

    def _give_up(self, connection: Connection) -> None:
        """An app that is gone acknowledges nothing more; one that moves does it elsewhere."""
        if not connection.leaving:
            for envelope_id in connection.sent:
                waiting = self._waiting[envelope_id]
                if not waiting.done():
                    waiting.set_exception(ConnectionError())

    async def _talk(self, connection: Connection) -> None:
        await connection.socket.send_json(
            {
                "type": "hello",
                "num_connections": len(self.connections),
                "debug_info": {"host": "applink-1", "approximate_connection_time": 18060},
                "connection_info": {"app_id": self.space.app_id},
            }
        )
        self.space.changes.tell()
        async for received in connection.socket:
            if received.type is WSMsgType.TEXT:
                self._acknowledge(json.loads(received.data))

    def _acknowledge(self, answer: Json) -> None:
        waiting = self._waiting.get(answer.get("envelope_id", ""))
        if waiting is not None and not waiting.done():
            waiting.set_result(answer.get("payload"))

    async def deliver(self, kind: str, payload: Json, **extra: object) -> Json | None:
        """Send one envelope over the next connection; what came with the acknowledgement.

        Raises NotAcknowledged after three seconds, or at once when nobody is connected.
        """
        if not (ready := self.open):
            raise NotAcknowledged(f"{kind}: the app is not connected")
        self._turn += 1
        connection = ready[self._turn % len(ready)]
        envelope_id = str(uuid.uuid4())
        envelope = {
            "envelope_id": envelope_id,
            "type": kind,
            "payload": payload,
            "accepts_response_payload": kind != "events_api",
            **extra,
        }
        waiting: asyncio.Future[Json | None] = asyncio.get_running_loop().create_future()
        self._waiting[envelope_id] = waiting
        connection.sent.add(envelope_id)
        try:
            await connection.socket.send_json(envelope)
            async with asyncio.timeout(self.ack_seconds):
                return await waiting
        except TimeoutError:
            raise NotAcknowledged(f"{kind}: no acknowledgement in {self.ack_seconds} s") from None
        except ConnectionError:
            raise NotAcknowledged(f"{kind}: the connection was lost") from None
        finally:
            connection.sent.discard(envelope_id)
            del self._waiting[envelope_id]

    async def deliver_event(self, payload: Json) -> bool:
        """Send an event; False when the first attempt failed and the next ones are under way."""
        try:
            await self.deliver("events_api", payload, retry_attempt=0, retry_reason="")
        except NotAcknowledged:
            task = asyncio.create_task(self._redeliver(payload))
            self._redelivering.add(task)
            task.add_done_callback(self._redelivering.discard)
            return False
        return True

    async def _redeliver(self, payload: Json) -> None:
        """The same event, with the same event_id, until it is acknowledged or given up."""
        for attempt, seconds in enumerate(self.event_retries, start=1):
            await asyncio.sleep(seconds)
            try:
                await self.deliver(
                    "events_api", payload, retry_attempt=attempt, retry_reason="timeout"
                )
            except NotAcknowledged:
                continue
            return

    async def disconnect(self, reason: Reason) -> None:
        """Ask every connection to make place for a new one, as Slack does every few hours."""
        for connection in self.open:
            connection.leaving = True
            await connection.socket.send_json(
                {"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-1"}}
            )

    async def close(self) -> None:
        for task in self._redelivering:
            task.cancel()
        for connection in list(self.connections):
            await connection.socket.close()
