// ws: an HTTP server with sockets at some paths, refused upgrades at others.

import http from "node:http";
import { WebSocketServer } from "ws";
import { LARGE, serve, sleep } from "./served.mjs";

const server = http.createServer(async (request, response) => {
  if (request.url === "/slow") {
    response.write("begun ");
    await sleep(300);
    return response.end("done");
  }
  response.end(`plain ${request.url}`);
});
const echo = new WebSocketServer({
  noServer: true,
  perMessageDeflate: { threshold: 100 },
  maxPayload: 2 << 20,
  handleProtocols: (offered) => (offered.has("second") ? "second" : false),
});
echo.on("connection", (socket, request) => {
  const { pathname, searchParams } = new URL(request.url, "http://host");
  socket.on("error", (error) => console.error(`${pathname}: ${error.name}: ${error.message}`));
  socket.on("ping", (data) => socket.send(`pinged ${data}`));
  socket.send(`hello ${searchParams.get("name")} ${socket.protocol}`);
  socket.on("message", (data, binary) => {
    const text = binary ? "" : String(data);
    if (text === "close") return socket.close(4001, "as you wish");
    if (text === "large") return socket.send(LARGE);
    if (text === "all") return broadcast();
    if (text === "pieces") {
      socket.send("one,", { fin: false });
      return socket.send("two", { fin: true });
    }
    socket.send(data, { binary });
  });
});
function broadcast() {
  for (const socket of echo.clients) socket.send(`to all ${echo.clients.size}`);
}
server.on("upgrade", (request, socket, head) => {
  if (request.url.startsWith("/refused")) {
    socket.end("HTTP/1.1 401 Unauthorized\r\nConnection: close\r\nContent-Length: 6\r\n\r\nno way");
    return;
  }
  if (request.url.startsWith("/destroyed")) return socket.destroy();
  echo.handleUpgrade(request, socket, head, (opened) => echo.emit("connection", opened, request));
});

serve(server);
