"""The fan-out without a row per event: the product's protocol and readers, and nothing behind them."""

import json

from chat import frames
from chat.readers import Batch, reader_for

readers = set()
seq = 0


async def application(scope, receive, send):
    if scope["type"] != "websocket":
        return
    await receive()
    await send({"type": "websocket.accept"})
    reader = reader_for(scope, send)
    readers.add(reader)
    while (message := await receive())["type"] != "websocket.disconnect":
        tell(json.loads(message["text"])["text"])
    readers.discard(reader)


def tell(text):
    global seq
    seq += 1
    data = {"type": "event", "stream": "public", "seq": seq, "kind": "announcement", "data": {"text": text}}
    batch = Batch([frames.dumps(data | {"at": "2026-11-24T09:00:00.000Z"})])
    for reader in tuple(readers):
        reader.write(batch)
