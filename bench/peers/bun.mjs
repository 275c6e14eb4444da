// Bun as its documentation shows a broadcast: topics, published to in native code.
let seq = 0;

const server = Bun.serve({
  hostname: "127.0.0.1",
  port: Number(process.argv[2]),
  fetch: (request, server) => (server.upgrade(request) ? undefined : new Response("", { status: 426 })),
  websocket: {
    perMessageDeflate: false,
    open: (socket) => socket.subscribe("room"),
    message: (socket, message) => {
      const { text } = JSON.parse(message);
      seq += 1;
      const event = {
        type: "event", stream: "public", seq, kind: "announcement", at: new Date().toISOString(), data: { text },
      };
      server.publish("room", JSON.stringify(event));
    },
  },
});
