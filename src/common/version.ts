// Common: our own version, from the one place that has it.

import { version } from "../../package.json";

export const DARCY_VERSION: string = version;
