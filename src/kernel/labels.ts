import { ordinalOf, scanIds } from "../collections/idIndex.js";
import { rowAt } from "../collections/table.js";
import { type Account, type OwnedKind, ownedKinds, type Topology } from "../model/topology.js";
import { accountOf } from "./queries.js";

/** Kinds of rows that can have a label. */
export type LabelledKind = OwnedKind | "faults";

/** Kinds of rows that can have a label, in the order in which an index of labels counts them. */
export const labelledKinds = [...ownedKinds, "faults"] as const;

/** Whose a label is: a row, or null for a member that its group is still to build. */
export type LabelPlace = { readonly kind: LabelledKind; readonly ordinal: number } | null;

/** A power of two over the number of kinds. */
const kindsMax = 8;

/** How an index of labels writes whose a label is. */
export function labelCode(place: LabelPlace): number {
  return place === null
    ? labelToCome
    : place.ordinal * kindsMax + labelledKinds.indexOf(place.kind);
}

/** How an index of labels writes that the thing is still to come. */
export const labelToCome = -1;

/** Whose a label is in an account, or was; undefined where it is free. O(log n). */
export function placeOfLabel(
  topology: Topology,
  { accountId, label }: { readonly accountId: string; readonly label: string },
): LabelPlace | undefined {
  const account = accountOf(topology, accountId);
  const code = account && ordinalOf(account.labels, label);
  return code === undefined ? undefined : placeOf(code);
}

function placeOf(code: number): LabelPlace {
  if (code === labelToCome) return null;
  const kind = labelledKinds[code % kindsMax] as LabelledKind; // as `labelCode` has written it
  return { kind, ordinal: Math.floor(code / kindsMax) };
}

/** What stands at the place of a label now; undefined where it is gone. */
export function labelledRow(
  topology: Topology,
  place: Exclude<LabelPlace, null>,
): { readonly id: string; readonly label: string | null } | undefined {
  return rowAt<{ readonly id: string; readonly label: string | null }>(
    topology[place.kind],
    place.ordinal,
  );
}

/** Labels and whose they are, in the order of labels. O(labels). */
export function labelsOf({ labels }: Account): readonly (readonly [string, LabelPlace])[] {
  const all: (readonly [string, LabelPlace])[] = [];
  scanIds(labels, undefined, (code, label) => {
    all.push([label, placeOf(code)]);
    return true;
  });
  return all;
}

/** How a message calls a row of each kind. */
export const labelledWords = {
  instances: "instance",
  groups: "HA group",
  schedules: "schedule",
  backups: "backup",
  configurations: "configuration",
  faults: "fault",
} as const satisfies Readonly<Record<LabelledKind, string>>;
