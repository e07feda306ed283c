import { ordinalOf } from "../collections/idIndex.js";
import { WideHash } from "../collections/wideHash.js";
import { accountOf } from "./queries.js";
import type { Transaction } from "./transaction.js";

/**
 * Identity of a row, independent of other rows: fixed when it is created by its origin, not by its time. All draws for
 * the row use its key.
 */
export interface Birth {
  /** 128 bits as hexadecimal digits. */
  readonly key: string;
  /** As the caller passed it, or null. */
  readonly label: string | null;
  /**
   * The counter of the account that numbers it, where only a number distinguishes it from others of its kind; otherwise
   * null.
   */
  readonly counted: string | null;
}

/**
 * Returns the birth of what a command creates: by its label, or by kind, parent, name and the number of earlier ones.
 */
export function birthByCommand(
  moment: Transaction,
  {
    label,
    kind,
    parentKey = "",
    name = "",
  }: {
    readonly label: string | undefined;
    readonly kind: "instance" | "group" | "schedule" | "backup" | "configuration" | "fault";
    /** Key of the row that it is made from or for: the source of a replica, the owner of a backup. */
    readonly parentKey?: string;
    readonly name?: string | undefined;
  },
): Birth {
  if (label !== undefined) return birthByLabel(moment, label);
  return nth(moment, hashOf("made", moment.context.accountId, kind, parentKey, name));
}

/** Returns the birth of what the service creates repeatedly for a parent, numbered per parent. */
export function birthOfNext(moment: Transaction, parentKey: string, purpose: string): Birth {
  return nth(moment, hashOf("next", parentKey, purpose));
}

/** Returns the birth of what the service creates for a parent, where a given number identifies it. */
export function birthOf(parentKey: string, purpose: string, number = 0): Birth {
  return {
    key: numbered(hashOf("born", parentKey, purpose), number),
    label: null,
    counted: null,
  };
}

/** Returns the birth of what has a label. */
export function birthByLabel({ context }: Transaction, label: string): Birth {
  return { key: hashOf("label", context.accountId, label).digits(), label, counted: null };
}

/** Returns the counter of an account for the births of a parent. */
export function nextBirthsOf(parentKey: string, purpose: string): string {
  return hashOf("next", parentKey, purpose).digits();
}

/** Returns the key of the next birth of a parent that had this many before. */
export function nextBirthKey(parentKey: string, purpose: string, before: number): string {
  return numbered(hashOf("next", parentKey, purpose), before);
}

function nth(moment: Transaction, stem: WideHash): Birth {
  const counted = stem.digits();
  const { topology, accountId } = moment.context;
  const account = accountOf(topology, accountId);
  const before = account === undefined ? 0 : (ordinalOf(account.made, counted) ?? 0);
  return { key: numbered(stem, before), label: null, counted };
}

function numbered(stem: WideHash, number: number): string {
  return stem.number(number).digits();
}

/** Hashes strings in order, each with its length, so that different lists have different input. */
function hashOf(...texts: readonly string[]): WideHash {
  const hash = new WideHash();
  for (const text of texts) hash.text(text);
  return hash;
}
