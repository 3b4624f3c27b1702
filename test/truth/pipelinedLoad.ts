// Truth suite: a load of keep-alive connections that have several requests under way at once, which autocannon's
// command line in Darcy has not. For the fixtures' short answers only.

import { connect, type Socket } from "node:net";

const ANSWER_END = "\r\n\r\nok";

export class PipelinedLoad {
  private readonly sockets: Socket[] = [];

  constructor({ hostname, port, pathname }: URL, connections: number, pipelining: number) {
    const request = `GET ${pathname} HTTP/1.1\r\nhost: ${hostname}:${port}\r\n\r\n`;
    for (let n = 0; n < connections; n++) {
      const socket = connect(Number(port), hostname).setNoDelay(true).setEncoding("latin1");
      this.sockets.push(socket);
      let rest = "";
      socket.once("connect", () => socket.write(request.repeat(pipelining)));
      socket.on("data", (text) => {
        const parts = (rest + String(text)).split(ANSWER_END);
        rest = parts.pop() ?? "";
        if (parts.length > 0) socket.write(request.repeat(parts.length));
      });
      // The server ends before the load: what counts is what the report says that it answered.
      socket.on("error", () => socket.destroy());
    }
  }

  stop(): void {
    for (const socket of this.sockets) socket.destroy();
  }
}
