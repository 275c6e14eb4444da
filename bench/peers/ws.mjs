// node `ws` as its README shows a broadcast: one JSON text an event, sent to each socket.
import { WebSocketServer } from "ws";

const server = new WebSocketServer({ host: "127.0.0.1", port: Number(process.argv[2]), perMessageDeflate: false });
let seq = 0;

server.on("connection", (socket) => {
  socket.on("message", (message) => {
    const { text } = JSON.parse(message);
    seq += 1;
    const event = {
      type: "event", stream: "public", seq, kind: "announcement", at: new Date().toISOString(), data: { text },
    };
    const frame = JSON.stringify(event);
    for (const client of server.clients) {
      if (client.readyState === 1) client.send(frame);
    }
  });
});
