// Socket.IO as its documentation shows a broadcast: `io.emit`.
import { Server } from "socket.io";

const server = new Server(Number(process.argv[2]), { transports: ["websocket"], perMessageDeflate: false, serveClient: false });
let seq = 0;

server.on("connection", (socket) => {
  socket.on("announce", ({ text }) => {
    seq += 1;
    server.emit("event", {
      type: "event", stream: "public", seq, kind: "announcement", at: new Date().toISOString(), data: { text },
    });
  });
});
