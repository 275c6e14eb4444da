"""`/rooms/<slug>/events`: the room's public stream over HTTP, where sockets are blocked.

Plain ASGI: a waiting request inside Django would hold a thread.
"""

import asyncio
from urllib.parse import parse_qs

from chat import frames
from chat.consumers import Receive, Scope, Send, address_of, cookies_of, number_in
from chat.errors import Unavailable
from chat.hub import hub
from chat.identity import VISITOR_COOKIE, read_visitor
from chat.live import LiveRoom
from chat.streams import AfterTooHigh

LONGEST_WAIT = 25


async def room_events(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer GET and HEAD with the events after `after`, at once or within `wait` seconds."""
    if scope["method"] not in ("GET", "HEAD"):
        await respond(send, 405, {"error": "method_not_allowed"}, allow="GET, HEAD")
        return
    query = parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    after, wait = number_in(query, "after", 0), number_in(query, "wait", 0)
    if after is None or wait is None:
        await respond(send, 400, {"error": "bad_request"})
        return
    try:
        live = await hub.enter(scope["url_route"]["kwargs"]["slug"])
        if live is None:
            await respond(send, 404, {"error": "not_found"})
        else:
            await _respond(send, await _events(live, scope, after, wait, receive))
    except Unavailable as error:
        await respond(send, 503, {"error": error.code})


async def _events(live: LiveRoom, scope: Scope, after: int, wait: int, receive: Receive) -> str:
    live.polled(read_visitor(cookies_of(scope).get(VISITOR_COOKIE)) or address_of(scope))
    try:
        await live.public.reach(after)
        if wait and not hub.is_stopping:
            await _wait(live, after, min(wait, LONGEST_WAIT), receive)
        return _body(live, await live.public.texts_after(after))
    except AfterTooHigh:
        return _body(live, [], reset=True)


def _body(live: LiveRoom, texts: list[str], **more: bool) -> str:
    """The events are the frames that sockets get, as they are; `seq` is the last one's."""
    head = {
        "room": live.standing.slug,
        "state": live.standing.state,
        "seq": live.public.last,
        "viewers": live.viewers(),
        "votes": {str(question): count for question, count in live.votes.items()},
    }
    return f'{frames.dumps(head | more)[:-1]},"events":[{",".join(texts)}]}}'


async def _wait(live: LiveRoom, after: int, seconds: int, receive: Receive) -> None:
    """Until news, the end of time, or the reader's going."""
    news = asyncio.ensure_future(live.public.wait_beyond(after, seconds))
    gone = asyncio.ensure_future(_gone(receive))
    await asyncio.wait((news, gone), return_when=asyncio.FIRST_COMPLETED)
    for task in (news, gone):
        task.cancel()
    await asyncio.gather(news, gone, return_exceptions=True)


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def respond(send: Send, status: int, body: frames.Data, **headers: str) -> None:
    await _respond(send, frames.dumps(body), status, **headers)


async def _respond(send: Send, body: str, status: int = 200, **headers: str) -> None:
    payload = body.encode()
    fields = headers | {
        "content-type": "application/json",
        "content-length": str(len(payload)),
        "cache-control": "no-store",
    }
    raw = [(name.encode(), value.encode()) for name, value in fields.items()]
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": payload})
