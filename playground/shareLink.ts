import { deflateSync, inflateSync, strFromU8, strToU8 } from "fflate";

/** A scenario with its seed, as it stands in a link. */
export interface Shared {
  readonly text: string;
  readonly seed: number;
}

/** The part of a link behind `#` that holds a scenario. */
export function linkOf({ text, seed }: Shared): string {
  const bytes = deflateSync(strToU8(text), { level: 9 });
  const base64 = btoa(String.fromCharCode(...bytes));
  const packed = base64.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  return `seed=${String(seed)}&scenario=${packed}`;
}

/** The scenario that a link holds; undefined where it holds none that can be read. */
export function sharedIn(hash: string): Shared | undefined {
  const params = new URLSearchParams(hash.replace(/^#/, ""));
  const packed = params.get("scenario");
  if (packed === null) return undefined;
  try {
    const base64 = packed.replaceAll("-", "+").replaceAll("_", "/");
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    const seed = Number(params.get("seed") ?? 1);
    return { text: strFromU8(inflateSync(bytes)), seed: Number.isSafeInteger(seed) ? seed : 1 };
  } catch {
    return undefined;
  }
}
