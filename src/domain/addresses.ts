import { finish, hex, mix, mixText } from "../collections/murmur3.js";
import type { HaGroup, Instance, Network } from "./entities.js";

/**
 * The private IPv4 address of an instance, in the network of its account. Derived from its place and never stored;
 * the first is 10.0.0.2, as in the samples of the API document.
 */
export function ipOf({ accountOrdinal }: Instance): string {
  const host = accountOrdinal + 2;
  return `10.${String((host >>> 16) & 255)}.${String((host >>> 8) & 255)}.${String(host & 255)}`;
}

/** The name that keeps resolving to the instance (§1.2): 40 hexadecimal digits, derived from its id. */
export function hostnameOf({ id }: Instance): string {
  return `${hexDigits(id, 5)}.rackspaceclouddb.com`;
}

/** The name that an HA group is reached by on one network: the same before and after every failover (§1.6). */
export function groupHostnameOf(
  { id }: HaGroup,
  { network, region }: { readonly network: Network; readonly region: string },
): string {
  return `${hexDigits(`${id} ${network}`, 4)}.publb.${region.toLowerCase()}.rackspaceclouddb.com`;
}

function hexDigits(text: string, words: number): string {
  const hash = mixText(0, text);
  let all = "";
  for (let word = 0; word < words; word++) all += hex(finish(mix(hash, word)));
  return all;
}
