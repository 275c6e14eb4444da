"""`python -m bench.peers.picows_loop PORT`: picows under uvloop, one `send` to each listener."""

import asyncio
import json
import sys

import uvloop
from picows import WSListener, WSMsgType, ws_create_server

rooms = set()
seq = 0


class Viewer(WSListener):
    def on_ws_connected(self, transport):
        self.transport = transport
        rooms.add(self)

    def on_ws_disconnected(self, transport):
        rooms.discard(self)

    def on_ws_frame(self, transport, frame):
        global seq
        if frame.msg_type == WSMsgType.TEXT:
            seq += 1
            data = {"text": json.loads(frame.get_payload_as_bytes())["text"]}
            event = {"type": "event", "stream": "public", "seq": seq, "kind": "announcement", "data": data}
            payload = json.dumps(event | {"at": "2026-11-24T09:00:00.000Z"}, separators=(",", ":")).encode()
            for viewer in tuple(rooms):
                viewer.transport.send(WSMsgType.TEXT, payload)


async def serve(port):
    server = await ws_create_server(lambda request: Viewer(), "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(asyncio.wait_for(serve(int(sys.argv[1])), None))
