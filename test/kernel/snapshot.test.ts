import { describe, expect, test } from "vitest";
import { ordinalOf } from "../../src/collections/idIndex.js";
import { topologyFromJson, topologyToJson } from "../../src/kernel/snapshot.js";
import { stateDifference } from "../../src/kernel/stateDifference.js";
import { InvalidWorldDataError, InvariantViolationError } from "../../src/model/errors.js";
import { everyKind, everyKindJson } from "./everyKind.js";

type Json = ReturnType<typeof everyKindJson>;

function withLabels(labels: Json["accounts"][number]["labels"]): Json {
  const json = everyKindJson();
  return { ...json, accounts: json.accounts.map((account) => ({ ...account, labels })) };
}

describe("a topology from JSON", () => {
  test("has the rows of the JSON, and shares nothing with it", () => {
    const json = everyKindJson();
    const topology = topologyFromJson(json);
    expect(topologyToJson(topology)).toEqual(json);
    for (const [at, row] of topologyToJson(topology).faults.rows.entries()) {
      expect(row.fault).not.toBe(json.faults.rows[at]?.fault);
    }
  });

  test("counts and lists what its rows say", () => {
    const { streams, watchedFaults, faultsOnInstances } = topologyFromJson(everyKindJson());
    expect({ streams, watchedFaults }).toEqual({ streams: 2, watchedFaults: [0] });
    expect(ordinalOf(faultsOnInstances, "service 0")).toBe(1);
    expect(faultsOnInstances.count).toBe(1);
  });

  test("keeps labels of what is still to be built", () => {
    const json = withLabels([
      { label: "built", kind: "instances", ordinal: 1 },
      { label: "to come", kind: null, ordinal: null },
    ]);
    expect(topologyToJson(topologyFromJson(json)).accounts).toEqual(json.accounts);
  });

  test.each([
    { label: "half", kind: null, ordinal: 1 },
    { label: "half", kind: "instances", ordinal: null },
  ] as const)("takes a label of $kind $ordinal for one of what is still to be built", (half) => {
    const [account] = topologyToJson(topologyFromJson(withLabels([half]))).accounts;
    expect(account?.labels).toEqual([{ label: "half", kind: null, ordinal: null }]);
  });

  test("is refused when a row belongs to no account of it", () => {
    const json = everyKindJson();
    const foreign = { ...json, accounts: json.accounts.slice(0, 1) };
    let refusal: unknown;
    try {
      topologyFromJson(foreign);
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toBeInstanceOf(InvalidWorldDataError);
    expect(refusal).toMatchObject({
      code: "badRequest",
      rule: "snapshot-rows",
      message:
        "invalid snapshot: the rows do not form a topology: RangeError: 1 belongs to the unknown account 5678",
      cause: expect.any(RangeError) as unknown,
    });
  });
});

test("two rows of one world with the same lineage key cannot be compared", () => {
  const topology = everyKind();
  expect(() => stateDifference(topology, everyKind())).toThrow(InvariantViolationError);
  expect(() => stateDifference(topology, everyKind())).toThrow("0 and 1 have the same key");
});
