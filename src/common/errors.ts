// Common: the one kind of error whose text is meant for the user. Everything else is a defect of ours and goes
// to the log.

/** Safe to show: `message` says what is wrong, `remedy` what to do about it. Both are whole sentences. */
export class UserError extends Error {
  override readonly name = "UserError";

  /** Facts behind it, a line each, for a log or below the message. */
  readonly details: readonly string[];

  constructor(
    message: string,
    readonly remedy: string,
    options: ErrorOptions & { readonly details?: readonly string[] } = {},
  ) {
    super(message, options);
    this.details = options.details ?? [];
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
