// Collector: recordings on disk: a `.darcy` file is a gzipped JSON profile. Read as input from a stranger.

import { existsSync, statSync } from "node:fs";
import { open, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { errorCode, errorText, UserError } from "../common/errors.ts";
import { t } from "../model/l10n.ts";
import { PROFILE_SCHEMA, type Profile } from "../model/profile.ts";
import { jsonCost } from "./jsonCost.ts";
import { InvalidInput } from "./narrow.ts";
import { packProfile } from "./packProfile.ts";
import { validateProfile } from "./validateProfile.ts";
import { tryWriting, writeWhole } from "./writeWhole.ts";

/** Ours stay far below (the builder is bounded); a larger one is not ours or meant to hurt. */
const MAX_FILE_BYTES = 128 * 1024 * 1024;
const MAX_JSON_BYTES = 256 * 1024 * 1024;
/** Ours have 7 levels and about 200 keys; the largest takes half as much memory (see `DEFAULT_LIMITS`). */
const MOST_COST = { bytes: 1024 * 1024 * 1024, depth: 32, keys: 4_096 };
const GZIP_MAGIC = [0x1f, 0x8b];
/** Remedies; a front that is no command line has its own words for them. */
export const RECORD_AGAIN = "Record it again: darcy record -- node server.js";
export const NAME_ANOTHER = "Name a file that `darcy record` wrote.";

/** Tries it, before the work rather than after it. @throws UserError when `file` could not be written */
export async function checkWritable(file: string): Promise<void> {
  try {
    await tryWriting(file);
  } catch (error) {
    throw writeError(file, error);
  }
}

/**
 * Whole or not at all (`writeWhole`).
 * @param frontOf what is to stand before the recording's bytes (`packFront`); where it fails or makes the file too large, the
 * file has none: it is whole without it, and opens more slowly
 * @param signal ends it early: nothing is left, and what stood there before still does
 * @throws UserError, or the signal's reason
 */
export async function writeProfile(
  file: string,
  profile: Profile,
  frontOf: (packed: Uint8Array) => Promise<Uint8Array> = async () => new Uint8Array(0),
  signal?: AbortSignal,
): Promise<void> {
  try {
    const packed = await packProfile(profile, signal);
    const front = await frontFor(packed, frontOf);
    signal?.throwIfAborted();
    await writeWhole(file, [front, packed]);
  } catch (error) {
    throw signal?.aborted === true ? signal.reason : writeError(file, error);
  }
}

async function frontFor(packed: Uint8Array, frontOf: (packed: Uint8Array) => Promise<Uint8Array>) {
  const none = new Uint8Array(0);
  try {
    const front = await frontOf(packed);
    return front.length + packed.length > MAX_FILE_BYTES ? none : front;
  } catch {
    return none;
  }
}

function writeError(file: string, error: unknown): UserError {
  const folder = dirname(file);
  const elsewhere = "Choose another place with --out.";
  const because = { cause: error };
  switch (errorCode(error)) {
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return unwritable(folder, elsewhere, error);
    case "ENOENT":
    case "ENOTDIR":
      // A file system that makes no files, as /proc, says the same.
      if (existsSync(folder) && statSync(folder).isDirectory()) return unwritable(folder, elsewhere, error);
      return new UserError(
        `The folder ${folder} does not exist.`,
        `Make it first, or ${lowerFirst(elsewhere)}`,
        because,
      );
    case "EISDIR":
      return new UserError(`${file} is a folder.`, elsewhere, because);
    case "ENOSPC":
    case "EDQUOT":
      return new UserError(`There is no space left for ${file}.`, elsewhere, because);
    default:
      return new UserError(`${file} could not be written: ${errorText(error)}.`, elsewhere, because);
  }
}

function unwritable(folder: string, remedy: string, cause: unknown): UserError {
  return new UserError(`The folder ${folder} can't be written to.`, remedy, { cause });
}

function lowerFirst(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}

/** @throws UserError whatever the file holds */
export async function readProfile(file: string): Promise<Profile> {
  return unpackProfile(file, await readPacked(file));
}

/** @param file how it is spoken of. @throws UserError */
export async function unpackProfile(file: string, packed: Uint8Array): Promise<Profile> {
  if (!GZIP_MAGIC.every((byte, i) => packed[i] === byte)) throw foreign(file);
  return toProfile(file, parse(file, await unpack(file, packed)));
}

/** The file as it stands, of any content. @throws UserError */
export async function readPacked(file: string): Promise<Buffer> {
  try {
    const found = await stat(file);
    // A pipe that nobody writes to would be waited for.
    if (!found.isFile() && !found.isDirectory())
      throw new UserError(t("{0} is not a file.", file), t("Name a .darcy file."));
    const { size } = found;
    if (size > MAX_FILE_BYTES) throw tooLarge(file);
    const handle = await open(file, "r");
    try {
      // Not by `readFile`: the file may have grown since, and a device has no size.
      const buffer = Buffer.alloc(Math.max(size, GZIP_MAGIC.length));
      let read = 0;
      while (read < size) {
        const { bytesRead } = await handle.read(buffer, read, size - read, read);
        if (bytesRead === 0) break;
        read += bytesRead;
      }
      return buffer.subarray(0, read);
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw readError(file, error);
  }
}

function readError(file: string, error: unknown): UserError {
  const because = { cause: error };
  switch (errorCode(error)) {
    case "ENOENT":
      return new UserError(t("The file {0} does not exist.", file), t("Check its name."), because);
    case "EISDIR":
      return new UserError(t("{0} is a folder.", file), t("Name a .darcy file in it."), because);
    case "ELOOP":
      return new UserError(
        t("{0} is a symbolic link that leads round in a circle.", file),
        t("Name a .darcy file."),
        because,
      );
    case "EACCES":
    case "EPERM":
      return new UserError(t("The file {0} may not be read.", file), t("Check its permissions."), because);
    default:
      return new UserError(
        t("The file {0} could not be read: {1}.", file, errorText(error)),
        t("Try it again."),
        because,
      );
  }
}

async function unpack(file: string, packed: Uint8Array): Promise<Buffer> {
  try {
    return await promisify(gunzip)(packed, { maxOutputLength: MAX_JSON_BYTES });
  } catch (error) {
    switch (errorCode(error)) {
      case "ERR_BUFFER_TOO_LARGE":
        throw tooLarge(file);
      case "Z_BUF_ERROR":
        throw new UserError(t("The file {0} ends too early: it was cut off.", file), RECORD_AGAIN, {
          cause: error,
        });
      default:
        throw new UserError(t("The file {0} is damaged.", file), RECORD_AGAIN, { cause: error });
    }
  }
}

function parse(file: string, json: Buffer): unknown {
  const { bytes, depth, keys } = jsonCost(json, MOST_COST);
  if (bytes > MOST_COST.bytes) throw tooLarge(file);
  if (depth > MOST_COST.depth || keys > MOST_COST.keys) throw foreign(file);
  try {
    return JSON.parse(json.toString("utf8"));
  } catch {
    throw foreign(file);
  }
}

function toProfile(file: string, value: unknown): Profile {
  const schema =
    typeof value === "object" && value !== null ? (value as { schema?: unknown }).schema : undefined;
  if (typeof schema !== "string" || !schema.startsWith("darcy-profile/")) throw foreign(file);
  if (schema !== PROFILE_SCHEMA) {
    throw new UserError(
      t(
        "The file {0} was written by another version of Darcy (its format is not {1}).",
        file,
        PROFILE_SCHEMA,
      ),
      t("Open it with that version, or record it again with this one."),
    );
  }
  try {
    return validateProfile(value);
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    throw new UserError(t("The file {0} is damaged ({1}).", file, error.message), RECORD_AGAIN, {
      cause: error,
    });
  }
}

function foreign(file: string): UserError {
  return new UserError(t("The file {0} is not a Darcy recording.", file), NAME_ANOTHER);
}

function tooLarge(file: string): UserError {
  return new UserError(t("The file {0} is too large to be a Darcy recording.", file), NAME_ANOTHER);
}
