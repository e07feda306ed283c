import { expect, test } from "vitest";
import { copyOfAccount, copyOfCounts, copyOfFault, copyRow } from "../../src/kernel/copyRow.js";
import { type Account, ownedKinds } from "../../src/model/topology.js";
import type { InjectedFault } from "../../src/service/faults/fault.model.js";

/** A row that holds the name of each field in it; that no field is forgotten, the compiler knows. */
const named = new Proxy({}, { get: (_, field) => field });

test.each([
  ...ownedKinds.map((kind) => [kind, copyRow(kind, named)] as const),
  ["accounts", copyOfAccount(named as Account)] as const,
  ["faults", copyOfFault(named as InjectedFault)] as const,
  ["counts", copyOfCounts(named as Account["created"])] as const,
])("a copy of a row of %s holds each field where it was", (_, copy) => {
  const fields = Object.keys(copy);
  expect(fields.length).toBeGreaterThan(4);
  expect(Object.values(copy)).toEqual(fields);
});
