import { ordinalOf } from "../collections/idIndex.js";
import { WideHash } from "../collections/wideHash.js";
import { accountOf } from "../topology/queries.js";
import type { Transaction } from "./transaction.js";

/**
 * What a row is, whatever else there is: fixed at its birth by where it comes from, never by when. All that is drawn for
 * the row is drawn by its key.
 */
export interface Birth {
  /** 128 bits as hexadecimal digits. */
  readonly key: string;
  /** As the caller gave it, or null. */
  readonly label: string | null;
  /** What the account counts it under, where it is told from others of its kind by a number alone; null elsewhere. */
  readonly counted: string | null;
}

/** The birth of what a command makes: by its label, or by its kind, its parent, its name and how many there were of those. */
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
    /** Key of what it is made of or for: the source of a replica, the owner of a backup. */
    readonly parentKey?: string;
    readonly name?: string | undefined;
  },
): Birth {
  if (label !== undefined) return birthByLabel(moment, label);
  return nth(moment, hashOf("made", moment.context.accountId, kind, parentKey, name));
}

/** The birth of what the service makes again and again for a parent: told apart by how many the parent has had. */
export function birthOfNext(moment: Transaction, parentKey: string, purpose: string): Birth {
  return nth(moment, hashOf("next", parentKey, purpose));
}

/** The birth of what the service makes for a parent, where a number tells it apart for good. */
export function birthOf(parentKey: string, purpose: string, number = 0): Birth {
  return {
    key: numbered(hashOf("born", parentKey, purpose), number),
    label: null,
    counted: null,
  };
}

/** The birth of what has a label. */
export function birthByLabel({ context }: Transaction, label: string): Birth {
  return { key: hashOf("label", context.accountId, label).digits(), label, counted: null };
}

/** What an account counts the next births for a parent under. */
export function nextBirthsOf(parentKey: string, purpose: string): string {
  return hashOf("next", parentKey, purpose).digits();
}

/** The key of the next birth for a parent, of which there have been so many before. */
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

/** Texts in their order, each with its length, so that no two lists are told alike. */
function hashOf(...texts: readonly string[]): WideHash {
  const hash = new WideHash();
  for (const text of texts) hash.text(text);
  return hash;
}
