// Tests: asks a server of any kind once, over a connection of its own, for who it is.

import http from "node:http";
import http2 from "node:http2";
import https from "node:https";
import net from "node:net";
import tls from "node:tls";
import { WebSocket } from "ws";

const PSK = {
  pskCallback: () => ({ psk: Buffer.alloc(16, 1), identity: "test" }),
  checkServerIdentity: () => undefined,
  ciphers: "PSK+HIGH:TLS_AES_128_GCM_SHA256",
};

/** What one connection answers. `kind`: http (default), https, http2, http2s, net, tls or ws. */
export function get(port: number, path: string, kind = "http", host = "127.0.0.1"): Promise<string> {
  switch (kind) {
    case "net":
      return overSocket(net.connect(port, host));
    case "tls":
      return overSocket(tls.connect({ port, host, ...PSK }));
    case "ws":
      return overWebSocket(port, path, host);
    case "http2":
      return overHttp2(http2.connect(`http://${host}:${port}`), path);
    case "http2s":
      return overHttp2(http2.connect(`https://${host}:${port}`, PSK), path);
    case "https":
      return overHttp(https.request({ port, host, path, agent: false, ...PSK }));
    default:
      return overHttp(http.request({ port, host, path, agent: false }));
  }
}

function overSocket(socket: net.Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    socket.on("data", (chunk) => {
      text += String(chunk);
    });
    socket.on("close", () => resolve(text));
    socket.on("error", reject);
  });
}

function overWebSocket(port: number, path: string, host: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://${host}:${port}${path}`);
    socket.on("error", reject);
    socket.on("open", () => socket.send("who"));
    socket.on("message", (data) => {
      socket.once("close", () => resolve(String(data)));
      socket.close();
    });
  });
}

function overHttp2(session: http2.ClientHttp2Session, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    session.on("error", reject);
    const stream = session.request({ ":path": path });
    let text = "";
    stream.on("data", (chunk) => {
      text += String(chunk);
    });
    stream.on("error", reject);
    stream.on("end", () => session.close(() => resolve(text)));
  });
}

function overHttp(request: http.ClientRequest): Promise<string> {
  return new Promise((resolve, reject) => {
    request.on("response", (response) => {
      let text = "";
      response.on("data", (chunk) => {
        text += String(chunk);
      });
      response.on("end", () => resolve(text));
      response.on("error", reject);
    });
    request.on("error", reject);
    request.end();
  });
}
