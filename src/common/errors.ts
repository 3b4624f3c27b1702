// Common: the one kind of error whose text is meant for the user. Everything else is a defect of ours and goes
// to the log.

/** Safe to show: `message` says what is wrong, `remedy` what to do about it. Both are whole sentences. */
export class UserError extends Error {
  override readonly name = "UserError";

  constructor(
    message: string,
    readonly remedy: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The `code` of a system error (`ENOENT`), or an empty string. */
export function errorCode(error: unknown): string {
  if (typeof error !== "object" || error === null) return "";
  const code = (error as { code?: unknown }).code;
  return typeof code === "string" ? code : "";
}

export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
