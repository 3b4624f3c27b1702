// Fidelity: registers the hooks of `hooks.mjs`, as `--import` of a tracer does.

import { register } from "node:module";

register("./hooks.mjs", import.meta.url);
