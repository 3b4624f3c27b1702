// Benchmark: takes a process's resident memory apart, by what the kernel and V8 say. Pure.

/** In megabytes; they sum up to the first. */
export const PARTS = ["all", "young generation", "rest of V8's heap", "other, as malloc's", "files"] as const;
export type ResidentMemory = Readonly<Record<(typeof PARTS)[number], number>>;

const MEGABYTE = 1024 * 1024;
const YOUNG = /^new_/;
/** Of Node's own file, and in no process's memory of its own before it is written to. */
const SHARED = /^(?:read_only_space|shared_)/;

/** @param status of /proc; @param spaces bytes that V8's spaces have in memory */
export function memoryOf(status: string, spaces: Readonly<Record<string, number>>): ResidentMemory {
  const kilobytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(status)?.[1]);
  const bytesOf = (wanted: (name: string) => boolean) =>
    Object.entries(spaces).reduce((sum, [name, bytes]) => sum + (wanted(name) ? bytes : 0), 0);
  const young = bytesOf((name) => YOUNG.test(name)) / MEGABYTE;
  const old = bytesOf((name) => !YOUNG.test(name) && !SHARED.test(name)) / MEGABYTE;
  return {
    all: kilobytes("VmRSS") / 1024,
    "young generation": young,
    "rest of V8's heap": old,
    "other, as malloc's": kilobytes("RssAnon") / 1024 - young - old,
    files: (kilobytes("RssFile") + kilobytes("RssShmem")) / 1024,
  };
}
