import { finish, hex, mix, mixText } from "../collections/murmur3.js";
import type { HaGroup } from "../service/haGroups/haGroup.model.js";
import type { Instance } from "../service/instances/instance.model.js";

/**
 * Returns the private IPv4 address of an instance, in the network of its account. Derived from its key and never
 * stored. There are 16 million addresses: among a thousand instances, two share one with a probability of 3 %.
 */
export function ipOf({ key }: Instance): string {
  const host = finish(mixText(0, key));
  const last = 1 + ((host & 255) % 254);
  return `10.${String((host >>> 16) & 255)}.${String((host >>> 8) & 255)}.${String(last)}`;
}

/** Returns the host name of an instance (§1.2): 40 hexadecimal digits, derived from its key and its id. */
export function hostnameOf({ id, key }: Instance): string {
  return `${hexDigits(`${key} ${id}`, 5)}.rackspaceclouddb.com`;
}

/** Returns the host name of an HA group on one network. It stays the same across failovers (§1.6). */
export function groupHostnameOf(
  { id, key }: HaGroup,
  { network, region }: { readonly network: HaGroup["networks"][number]; readonly region: string },
): string {
  return `${hexDigits(`${key} ${id} ${network}`, 4)}.publb.${region.toLowerCase()}.rackspaceclouddb.com`;
}

function hexDigits(text: string, words: number): string {
  const hash = mixText(0, text);
  let all = "";
  for (let word = 0; word < words; word++) all += hex(finish(mix(hash, word)));
  return all;
}
