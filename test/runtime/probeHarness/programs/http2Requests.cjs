// Requests over one HTTP/2 connection at the same time, with bodies that come in pieces. Each notes which request we take
// its code to belong to.
const { once } = require("node:events");
const http2 = require("node:http2");
const { setTimeout: passed } = require("node:timers/promises");
const harness = globalThis.harness ?? {
  request: () => null,
  cut: () => ({ requests: [], routes: [], faultTexts: [] }),
};

const points = {};
const note = (name, point) => {
  points[name] ??= [];
  points[name].push([point, harness.request(), null]);
};

const server = http2.createServer(async (request, response) => {
  const name = request.url.slice(1);
  note(name, "handler");
  let text = "";
  request.on("data", (data) => {
    note(name, "data");
    text += data;
  });
  await once(request, "end");
  note(name, "after the body");
  await passed(5);
  note(name, "promised timer");
  response.end(text);
});

async function main() {
  await once(server.listen(0, "127.0.0.1"), "listening");
  const session = http2.connect(`http://127.0.0.1:${server.address().port}`);
  const answers = await Promise.all(
    ["a", "b", "c", "d"].map(async (name) => {
      const stream = session.request({ ":path": `/${name}`, ":method": "POST" });
      for (const piece of ["one ", "two ", name]) {
        stream.write(piece);
        await passed(4);
      }
      stream.end();
      let text = "";
      for await (const data of stream.setEncoding("utf8")) text += data;
      return text;
    }),
  );
  session.close();
  server.close();
  await once(server, "close");
  const { requests, routes, faultTexts } = harness.cut();
  console.log(JSON.stringify({ points, answers, requests, routes, faults: faultTexts }));
}
main();
