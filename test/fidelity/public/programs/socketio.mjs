// socket.io: namespaces, rooms, acknowledgements, middleware, binary.

import http from "node:http";
import { Server } from "socket.io";
import { serve, sleep } from "./served.mjs";

const server = http.createServer(async (request, response) => {
  if (request.url === "/slow") {
    response.write("begun ");
    await sleep(300);
    return response.end("done");
  }
  response.end("plain");
});
const io = new Server(server, { serveClient: true, cors: { origin: "https://other.example" } });
io.on("connection", (socket) => {
  socket.emit("hello", { transport: socket.conn.transport.name });
  socket.on("echo", (...args) => args.at(-1)(args.slice(0, -1)));
  socket.on("bytes", (bytes, answer) => answer(Buffer.from(bytes).reverse()));
  socket.on("join", async (room) => {
    await socket.join(room);
    io.to(room).emit("joined", room, io.sockets.adapter.rooms.get(room).size);
  });
  socket.on("ask", async (answer) => answer(await socket.timeout(5_000).emitWithAck("question", 20)));
  socket.on("leave", () => socket.disconnect(true));
  socket.on("disconnect", (reason) => console.log(`left: ${reason}`));
});
io.of("/admin").use((socket, next) => {
  if (socket.handshake.auth.token === "right") return next();
  const error = new Error("not authorised");
  error.data = { code: 41 };
  next(error);
});
io.of("/admin").on("connection", (socket) => socket.emit("admin", true));

serve(server);
