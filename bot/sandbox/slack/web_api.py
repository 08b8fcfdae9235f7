"""The Web API over HTTP: who calls, with what, which fault it meets, and Slack's answer."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from aiohttp import web

from bot.sandbox.slack import chat, conversations, files, modals
from bot.sandbox.slack.arguments import Method, read_arguments
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.faults import Fault, Faults
from bot.sandbox.slack.state import Json
from bot.sandbox.slack.workspace import Workspace

METHODS: Mapping[str, Method] = {
    **conversations.METHODS,
    **chat.METHODS,
    **modals.METHODS,
    **files.METHODS,
}
SCOPES = (
    "channels:history,channels:read,chat:write,commands,files:read,files:write,groups:history,"
    "groups:read,im:history,im:read,im:write,reactions:write,users:read"
)


@dataclass(frozen=True)
class ApiCall:
    """One call of a method: what was given, when (workspace time), and how it ended."""

    method: str
    arguments: Json
    at: datetime
    ok: bool
    error: str | None
    """Slack's error code, or what a fault did to the call."""


@dataclass
class WebApi:
    space: Workspace
    calls: list[ApiCall] = field(default_factory=list)
    faults: Faults = field(default_factory=Faults)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["method"]
        try:
            given = await _arguments(request)
        except SlackError as error:
            return _failure(error)
        fault = self.faults.next_for(name)
        if fault is not None:
            return await self._with_fault(fault, request, given)
        return self._answer(name, request, given)

    async def _with_fault(
        self, fault: Fault, request: web.Request, given: Json
    ) -> web.StreamResponse:
        await asyncio.sleep(fault.delay)
        if refusal := _refusal(fault):
            self._record(fault.method, given, refusal.error)
            return _failure(refusal)
        if fault.cut == "before":
            self._record(fault.method, given, "cut before")
            return _cut(request)
        answer = self._answer(fault.method, request, given)
        return _cut(request) if fault.cut == "after" else answer

    def _answer(self, name: str, request: web.Request, given: Json) -> web.Response:
        try:
            answer = self._call(name, _token(request, given), given)
        except SlackError as error:
            self._record(name, given, error.error)
            return _failure(error)
        self._record(name, given, None)
        return web.json_response({"ok": True, **answer}, headers={"x-oauth-scopes": SCOPES})

    def _call(self, name: str, token: str | None, given: Json) -> Json:
        method = METHODS.get(name)
        if method is None:
            raise SlackError("unknown_method")
        self._check_token(method, token)
        if method.token == "none":
            return {"args": given}
        return method.handler(self.space, read_arguments(method, given))

    def _check_token(self, method: Method, token: str | None) -> None:
        if method.token == "none":
            return
        if not token:
            raise SlackError("not_authed")
        tokens = {"bot": self.space.bot_token, "app": self.space.app_token}
        if token == tokens[method.token]:
            return
        wrong_kind = token in tokens.values()
        raise SlackError("not_allowed_token_type" if wrong_kind else "invalid_auth")

    def _record(self, name: str, given: Json, error: str | None) -> None:
        arguments = {key: value for key, value in given.items() if key != "token"}
        self.calls.append(ApiCall(name, arguments, self.space.now(), error is None, error))
        self.space.changes.tell()


def _refusal(fault: Fault) -> SlackError | None:
    if fault.retry_after is not None:
        headers = {"Retry-After": str(fault.retry_after)}
        return SlackError("ratelimited", status=429, headers=headers)
    if fault.error is not None or fault.status is not None:
        return SlackError(fault.error or "internal_error", status=fault.status or 200)
    return None


def _failure(error: SlackError) -> web.Response:
    body: Json = {"ok": False, "error": error.error}
    if error.messages:
        body["response_metadata"] = {"messages": error.messages}
    return web.json_response(body, status=error.status, headers=error.headers)


def _cut(request: web.Request) -> web.StreamResponse:
    """Drop the connection in the middle, as a network does."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


def _token(request: web.Request, given: Json) -> str | None:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return token if kind == "Bearer" else given.get("token")


async def _arguments(request: web.Request) -> Json:
    """From the query, a form or a JSON body; what is JSON inside a form stays text here."""
    given: Json = dict(request.query)
    if request.content_type == "application/json":
        return {**given, **_json_object(await request.text())}
    return {**given, **await request.post()}


def _json_object(text: str) -> Json:
    try:
        body = json.loads(text or "{}")
    except ValueError:
        raise SlackError("invalid_json") from None
    if not isinstance(body, dict):
        raise SlackError("json_not_object")
    return body
