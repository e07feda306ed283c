import { describe, expect, test } from "vitest";
import type { Fault, InjectedFault } from "../../src/service/faults/fault.model.js";
import { injectNow, processFault } from "../../src/service/faults/processFault.js";
import type { ReplicationLink } from "../../src/service/replication/dataPlane.model.js";
import type { Rows } from "./rows.js";
import { faultRow, instanceRow, transactionOn } from "./transaction.js";

/*
 * What faults do to the link between a replica and its source.
 */

const link: ReplicationLink = {
  sourceId: "i0",
  condition: { condition: "normal" },
  failure: null,
  lagMs: 5,
  applyMs: 5,
  at: 1_000,
  received: 995,
  applied: 990,
  receives: true,
  applies: true,
};

const rows: Rows = {
  instances: [instanceRow(0, { replicaIds: ["i1"] }), instanceRow(1, { sourceId: "i0", link })],
};
const birth = { key: "0123456789abcdef0123456789abcdef", label: null, counted: null };

/** What happens, with the condition of the link. */
function effects(noted: ReturnType<typeof transactionOn>): readonly unknown[] {
  return noted.facts.map((fact) => {
    switch (fact.type) {
      case "LinkChanged":
        return [fact.id, fact.link?.condition];
      case "FaultEnded":
        return `${fact.id} ${fact.outcome}`;
      default:
        return fact.type;
    }
  });
}

function inject(fault: Fault, on: Rows = rows): readonly unknown[] {
  const noted = transactionOn(on);
  injectNow(noted.transaction, fault, { birth });
  return effects(noted);
}

describe("a fault of a link", () => {
  const cases: readonly (readonly [Fault, ReplicationLink["condition"]])[] = [
    [{ kind: "cutLink", replicaId: "i1" }, { condition: "cut" }],
    [
      { kind: "slowLink", replicaId: "i1", lagMs: 7 },
      { condition: "slow", extraLagMs: 7 },
    ],
    [
      { kind: "slowLink", replicaId: "i1", factor: 2 },
      { condition: "slow", factor: 2 },
    ],
    [
      { kind: "slowLink", replicaId: "i1", factor: 2, lagMs: 7 },
      { condition: "slow", factor: 2, extraLagMs: 7 },
    ],
  ];

  test.each(cases)("sets its condition: %j", (fault, condition) => {
    expect(inject(fault)).toEqual(["FaultInjected", ["i1", condition]]);
  });

  test("is undone by its end, and by the repair of the link", () => {
    const normal = ["i1", { condition: "normal" }];
    const row: InjectedFault = faultRow(
      0,
      { kind: "cutLink", replicaId: "i1" },
      {
        dueAt: 1_000,
        endsAt: 1_000,
        targetOrdinal: 1,
      },
    );
    const cut: Rows = { ...rows, faults: [row], standing: { "link 1": 0 } };
    const noted = transactionOn(cut);
    processFault(noted.transaction, row, undefined);
    expect(effects(noted)).toEqual(["f0 expired", normal]);
    const restore: Fault = { kind: "restoreLink", replicaId: "i1" };
    const completed = "fault-0123456789abcdef completed";
    expect(inject(restore, cut)).toEqual(["FaultInjected", completed, "f0 superseded", normal]);
    expect(inject(restore)).toEqual(["FaultInjected", completed, normal]);
  });

  test("changes for a broken replication only if the receiving thread stops", () => {
    const broken: Fault = { kind: "breakReplication", replicaId: "i1" };
    expect(inject(broken)).toEqual(["FaultInjected"]);
    expect(inject({ ...broken, thread: "applying" })).toEqual(["FaultInjected"]);
    expect(inject({ ...broken, thread: "receiving" })).toHaveLength(2);
  });
});
