import { finish, hex, mixText } from "../../collections/murmur3.js";

/** Returns JSON with sorted keys: equal values have equal bytes. Keys that hold undefined are left out. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (value === null || typeof value !== "object")
    return value === undefined ? "null" : JSON.stringify(value);
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  entries.sort(([a], [b]) => byCodeUnit(a, b));
  return `{${entries.map(([key, each]) => `${JSON.stringify(key)}:${canonicalJson(each)}`).join(",")}}`;
}

/** Returns 128 bits of a text as 32 hexadecimal digits. It distinguishes contents; it is not a cryptographic hash. */
export function digest(text: string): string {
  return [1, 2, 3, 4]
    .map((lane) => hex(finish(mixText(Math.imul(lane, 0x9e3779b1), text))))
    .join("");
}

/** Order of names that is the same everywhere. */
export function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
