import { describe, expect, test } from "vitest";
import { clockKey, damageKey, isStream, isWatched } from "../../src/kernel/derivedIndexes.js";
import type { Fault, InjectedFault } from "../../src/service/faults/fault.model.js";

const crash: Fault = { kind: "crash", instanceId: "i" };
const outage: Fault = { kind: "outage" };
const times = { fault: "crash", timeToFailure: 1, timeToRepair: 1 } as const;
const random: Fault = { kind: "random", target: "all", ...times };
const inZone = { kind: "random", target: { zone: "z1" }, ...times } as unknown as Fault;
const inRack = { kind: "random", target: { rack: "r1" }, ...times } as unknown as Fault;
const eachZone: Fault = { kind: "random", target: { each: "zone" }, ...times };
const among: Fault = {
  kind: "randomAmong",
  target: "all",
  fault: "crash",
  timeBetweenFailures: 1,
  timeToRepair: 1,
};

/** The clock of the process 3 for an instance, or for a place. */
function clockOf(instanceOrdinal: number | null): NonNullable<InjectedFault["clockOf"]> {
  return { processOrdinal: 3, instanceOrdinal };
}

function row(fields: Partial<InjectedFault>): InjectedFault {
  const fault = { ordinal: 3, fault: crash, phase: "active", targetOrdinal: 5, clockOf: null };
  return { ...fault, ...fields } as InjectedFault;
}

test.each([
  [undefined, false],
  [{ log: null, link: null }, false],
  [{ log: {}, link: null }, true],
  [{ log: null, link: {} }, true],
])("an instance with %j has a log or a link: %s", (instance, expected) => {
  expect(isStream(instance as Parameters<typeof isStream>[0])).toBe(expected);
});

describe("a fault is looked at again and again", () => {
  test.each([
    ["an active outage", row({ fault: outage }), true],
    ["an outage to come", row({ fault: outage, phase: "scheduled" }), false],
    ["an active crash", row({}), false],
    ["a random process", row({ fault: random, phase: "recurring" }), true],
    ["a random process to come", row({ fault: random, phase: "scheduled" }), false],
    ["a clock", row({ fault: crash, phase: "recurring", clockOf: clockOf(5), ordinal: 8 }), false],
    [
      "a clock of a random process",
      row({ fault: random, phase: "recurring", clockOf: clockOf(5), ordinal: 8 }),
      false,
    ],
    [
      "a process that is its own clock",
      row({ fault: inZone, phase: "recurring", clockOf: clockOf(null) }),
      true,
    ],
    ["failures of a population", row({ fault: among, phase: "recurring" }), false],
    [
      "a crash of a process that is its own clock",
      row({ phase: "recurring", clockOf: clockOf(null) }),
      false,
    ],
  ])("%s", (_, fault, expected) => {
    expect(isWatched(fault)).toBe(expected);
  });
});

describe("a fault is found", () => {
  test.each([
    ["by the part that it stands on", row({}), "service 5"],
    ["not before it is active", row({ phase: "scheduled" }), null],
    ["not without an instance", row({ targetOrdinal: null }), null],
    ["not without a part", row({ fault: outage }), null],
    ["by its clock", row({ phase: "recurring", clockOf: clockOf(5) }), "clock 3 5"],
    [
      "by its part while what its clock caused is active",
      row({ clockOf: clockOf(5) }),
      "service 5",
    ],
    ["not as a process without a clock", row({ fault: random, phase: "recurring" }), null],
    [
      "by its zone",
      row({ fault: inZone, phase: "recurring", clockOf: clockOf(null) }),
      "clock 3 z1",
    ],
    [
      "by its rack",
      row({ fault: inRack, phase: "recurring", clockOf: clockOf(null) }),
      "clock 3 r1",
    ],
  ])("%s", (_, fault, expected) => {
    expect(damageKey(fault)).toBe(expected);
  });

  test.each([
    ["an instance", clockOf(0), inZone, "clock 3 0"],
    ["each place of a kind", clockOf(null), eachZone, "clock 3 "],
    ["no fault", clockOf(null), undefined, "clock 3 "],
  ])("by the clock for %s", (_, place, fault, expected) => {
    expect(clockKey(place, fault)).toBe(expected);
  });
});
