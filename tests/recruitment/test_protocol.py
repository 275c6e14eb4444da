"""Frames prepared once: every case that leans on the server's internals, by a strict client."""

import asyncio
import gc

import pytest
import uvicorn

from chat.readers import EXTENSION, AsgiReader, Batch, reader_for
from recruitment.protocol import PreparedProtocol
from tests.serving import free_port
from tests.strict_client import StrictClient, run

pytestmark = [pytest.mark.slow, pytest.mark.either]


class Server:
    """uvicorn in this loop, with an application that the test steers: each socket is put into `sockets`."""

    def __init__(self, **options):
        self.port = free_port()
        self.sockets = asyncio.Queue()
        config = uvicorn.Config(
            self.app,
            port=self.port,
            ws=PreparedProtocol,
            ws_max_size=16 * 1024,
            ws_per_message_deflate=False,
            lifespan="off",
            interface="asgi3",
            log_config=None,
            timeout_graceful_shutdown=1,
            **options,
        )
        self.server = uvicorn.Server(config)
        self.server.capture_signals = _no_signals

    async def app(self, scope, receive, send):
        if scope["type"] != "websocket":
            return
        await receive()
        await send({"type": "websocket.accept"})
        sock = Socket(scope, send)
        self.sockets.put_nowait(sock)
        while (message := await receive())["type"] != "websocket.disconnect":
            sock.received.put_nowait(message)
        sock.disconnected.set_result(message["code"])

    async def __aenter__(self):
        self.task = asyncio.create_task(self.server._serve())
        while not self.server.started:
            await asyncio.sleep(0.01)
        return self

    async def __aexit__(self, *_):
        self.server.should_exit = True
        await self.task

    async def open(self, **options):
        client = await StrictClient.connect(self.port, "/", **options)
        return client, await self.sockets.get()


class Socket:
    def __init__(self, scope, send):
        assert scope["extensions"][EXTENSION] is reader_for(scope, send)
        self.reader = reader_for(scope, send)
        self.send = send
        self.received = asyncio.Queue()
        self.disconnected = asyncio.get_running_loop().create_future()


class _no_signals:
    def __enter__(self):
        return None

    def __exit__(self, *_):
        return None


def in_a_server(test):
    def run_test():
        async def serve():
            async with Server() as server:
                await test(server)

        run(serve())

    run_test.__name__ = test.__name__
    return run_test


@in_a_server
async def test_every_length_is_coded_as_the_standard_says(server):
    client, socket = await server.open()
    for length in (0, 1, 125, 126, 127, 65535, 65536, 70000):
        socket.reader.write(Batch(["x" * length]))
        assert await client.next_text() == "x" * length


@in_a_server
async def test_prepared_frames_and_those_of_asgi_keep_their_order(server):
    client, socket = await server.open()
    for number in range(50):
        socket.reader.write(Batch([f"prepared {number}"]))
        await socket.send({"type": "websocket.send", "text": f"asgi {number}"})
    assert [await client.next_text() for _ in range(100)] == [
        f"{way} {number}" for number in range(50) for way in ("prepared", "asgi")
    ]


@in_a_server
async def test_a_batch_is_one_frame_each_in_order(server):
    client, socket = await server.open()
    socket.reader.write(Batch(["é", "😀", "three"]))
    assert [await client.next_text() for _ in range(3)] == ["é", "😀", "three"]


@in_a_server
async def test_a_drop_says_why_and_both_sides_know(server):
    client, socket = await server.open()
    socket.reader.write(Batch(["last words"]))
    socket.reader.close(4408)
    socket.reader.write(Batch(["never sent"]))
    socket.reader.close(1012)
    assert await client.closed() == 4408
    assert client.texts == ["last words"]
    assert await socket.disconnected == 4408


@in_a_server
async def test_the_clients_close_is_answered_and_later_writes_go_nowhere(server):
    client, socket = await server.open()
    client.close(1000)
    assert await client.closed() == 1000
    assert await socket.disconnected == 1000
    socket.reader.write(Batch(["into the void"]))
    socket.reader.close(1000)


@in_a_server
async def test_a_reset_is_survived_whatever_is_written_then(server):
    client, socket = await server.open()
    client.vanish()
    for _ in range(200):
        socket.reader.write(Batch(["x" * 1000]))
        await asyncio.sleep(0)
    assert await socket.disconnected in (1005, 1006)
    socket.reader.write(Batch(["x"]))


@in_a_server
async def test_a_reader_that_sleeps_is_behind_is_dropped_and_gone_seconds_later(server):
    client, socket = await server.open(is_sleepy=True)
    client.sleep()
    sent = 0
    while socket.reader.writable.is_set():
        socket.reader.write(Batch(["x" * 10_000]))
        sent += 1
        await asyncio.sleep(0)
    assert sent < 200  # 2 MB would be the kernel's way
    socket.reader.write(Batch(["one more"]))
    assert await socket.disconnected == 4408
    async with asyncio.timeout(10):
        while socket.reader in server.server.server_state.connections:
            await asyncio.sleep(0.05)


@in_a_server
async def test_who_drains_goes_on(server):
    client, socket = await server.open(is_sleepy=True)
    client.sleep()
    while socket.reader.writable.is_set():
        socket.reader.write(Batch(["x" * 10_000]))
        await asyncio.sleep(0)
    draining = asyncio.create_task(socket.reader.drain())
    client.wake()
    while not draining.done():
        await client.next_text()
        await asyncio.sleep(0)
    socket.reader.write(Batch(["the end"]))
    while await client.next_text() != "the end":
        pass


@in_a_server
async def test_pings_are_answered_between_prepared_frames(server):
    client, socket = await server.open()
    client.send_frame(9, b"are you there")
    assert await client.read_frame() == (10, b"are you there")
    socket.reader.write(Batch(["yes"]))
    assert await client.next_text() == "yes"


@in_a_server
async def test_a_message_in_fragments_is_one_message(server):
    client, socket = await server.open()
    client.send_frame(1, b"two ", fin=False)
    client.send_frame(0, b"parts")
    assert (await socket.received.get())["text"] == "two parts"


@in_a_server
async def test_what_is_too_large_or_no_protocol_ends_it(server):
    for opcode, payload, options, code in [
        (1, b"x" * (16 * 1024 + 1), {}, 1009),
        (1, b"\xff", {}, 1007),
        (1, b"x", {"masked": False}, 1002),
        (3, b"x", {}, 1002),
    ]:
        client, socket = await server.open()
        client.send_frame(opcode, payload, **options)
        assert await client.closed() == code
        await socket.disconnected


def test_a_connection_leaves_nothing_behind():
    async def come_and_go():
        async with Server() as server:
            for _ in range(20):
                client, socket = await server.open()
                socket.reader.close(1000)
                await client.closed()
            del client, socket
            while server.server.server_state.connections:
                await asyncio.sleep(0.01)
            gc.collect()
            assert not [held for held in gc.get_objects() if type(held) is PreparedProtocol]

    run(come_and_go())


def test_where_the_server_lacks_the_extension_frames_go_through_asgi_bounded():
    async def send_through_asgi():
        sent, gate = [], asyncio.Event()

        async def send(message):
            await gate.wait()
            sent.append(message)

        reader = reader_for({"extensions": {}}, send)
        assert isinstance(reader, AsgiReader)
        for number in range(600):
            reader.write(Batch([str(number)]))
        gate.set()
        await reader.pump
        return sent

    sent = run(send_through_asgi())
    assert sent[-1] == {"type": "websocket.close", "code": 4408}
    assert len(sent) < 10
