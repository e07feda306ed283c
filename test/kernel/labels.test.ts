import { expect, test } from "vitest";
import { putId } from "../../src/collections/idIndex.js";
import { appendRow } from "../../src/collections/table.js";
import {
  type LabelPlace,
  labelCode,
  labelledKinds,
  labelsOf,
  placeOfLabel,
} from "../../src/kernel/labels.js";
import { emptyAccount, emptyTopology } from "../../src/model/topology.js";

/** Every kind at several ordinals, and a member that its group is still to build. */
const places: readonly (readonly [string, LabelPlace])[] = [
  ...labelledKinds.flatMap((kind) =>
    [0, 1, 7, 8, 1_000_000].map(
      (ordinal) => [`${kind} ${String(ordinal)}`, { kind, ordinal }] as const,
    ),
  ),
  ["a member to come", null],
];

/** A world whose account `1234` has given every label. */
function labelledWorld() {
  const topology = emptyTopology();
  const account = emptyAccount("1234", 0);
  for (const [label, place] of places) putId(account.labels, label, labelCode(place));
  putId(topology.accountIndex, "1234", appendRow(topology.accounts, account));
  return { topology, account };
}

test.each(places)("the label of %s leads to it", (label, place) => {
  const { topology } = labelledWorld();
  expect(placeOfLabel(topology, { accountId: "1234", label })).toEqual(place);
});

test("a label is free where no row has it, in each account separately", () => {
  const { topology } = labelledWorld();
  expect(placeOfLabel(topology, { accountId: "1234", label: "other" })).toBeUndefined();
  expect(placeOfLabel(topology, { accountId: "5678", label: "groups 0" })).toBeUndefined();
});

test("all labels of an account are listed in their order, each with its place", () => {
  const inOrder = places.toSorted(([a], [b]) => (a < b ? -1 : 1));
  expect(labelsOf(labelledWorld().account)).toEqual(inOrder);
});
