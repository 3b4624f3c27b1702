// Panel, first stop of the data: the one module that talks to VS Code.

interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}
declare function acquireVsCodeApi(): VsCodeApi;

const api = acquireVsCodeApi();

export function send(message: unknown): void {
  api.postMessage(message);
}

/** Calls back with the state of each message of this type: the version is the sender's, the state is as it sent it. */
export function listen(type: string, take: (version: unknown, state: unknown) => void): void {
  window.addEventListener("message", (event: MessageEvent<unknown>) => {
    const { data } = event;
    if (typeof data !== "object" || data === null || !("type" in data) || data.type !== type) return;
    if (!("version" in data) || !("state" in data)) return;
    if (typeof data.state === "object" && data.state !== null) take(data.version, data.state);
  });
}

/** What VS Code kept of the view while it was hidden or closed; unknown until checked. */
export function keptUi(): unknown {
  return api.getState();
}
export function keepUi(ui: unknown): void {
  clearTimeout(resting);
  api.setState(ui);
}

/** Of a scroll, which comes with each frame: all of it goes to the workbench. */
const REST_MILLIS = 200;
let resting = 0;

/** Once nothing has come for a moment. */
export function keepUiAtRest(ui: unknown): void {
  clearTimeout(resting);
  resting = window.setTimeout(() => api.setState(ui), REST_MILLIS);
}
