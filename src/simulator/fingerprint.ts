import { finish, hex, mixText } from "../collections/murmur3.js";
import { TakenSnapshot } from "./serialization.js";
import type { World } from "./world.js";

/** Returns a hash of a world: 32 hexadecimal digits. O(n). */
export function fingerprintOf({ settings, position }: World): string {
  const text = JSON.stringify(new TakenSnapshot(settings, position).plain());
  return [1, 2, 3, 4].map((part) => hex(finish(mixText(part, text)))).join("");
}
