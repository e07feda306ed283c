import {
  ReplicationSimulator,
  RuleViolationError,
  type SimulatorOptions,
} from "replication-simulator";
import { describe, expect, test } from "vitest";
import { small } from "../rules/fixtures.js";

/** What the rule `fresh-id` says when a step asks for an id; undefined when the id was taken. */
function refusal(
  ids: NonNullable<SimulatorOptions["createId"]>,
  action: (sim: ReplicationSimulator) => unknown,
): RuleViolationError | undefined {
  const sim = new ReplicationSimulator({ createId: ids });
  try {
    action(sim);
    return undefined;
  } catch (error) {
    if (error instanceof RuleViolationError) return error;
    throw error;
  }
}

describe("ids of a maker of one's own", () => {
  test.each([
    ["an empty text", "", `""`],
    ["a number", 7 as never, "7"],
    ["nothing", undefined as never, "undefined"],
  ])("%s is refused by the rule fresh-id, and nothing is made", (_, given, shown) => {
    const sim = new ReplicationSimulator({ createId: () => given });
    const outcome = sim.try.createInstance(small);
    if (outcome.ok) throw new Error("it was taken");
    expect(outcome.error).toMatchObject({
      code: "badRequest",
      rule: "fresh-id",
      field: "createId",
    });
    expect(outcome.error.message).toBe(
      `createId("instance", 0) returned ${shown}, which is in use or not a valid string; return a unique string`,
    );
    expect(sim.listInstances().items).toEqual([]);
  });

  test.each<[string, (sim: ReplicationSimulator) => unknown]>([
    ["an instance", (sim) => sim.createInstance(small)],
    ["a configuration", (sim) => sim.createConfiguration({ name: "c", values: {} })],
    [
      "a backup",
      (sim) => {
        const { id } = sim.account("1234").listInstances().items[0] ?? sim.createInstance(small);
        sim.settle();
        return sim.createBackup({ name: "b", ownerId: id });
      },
    ],
  ])("one that %s has is not given twice", (_, action) => {
    const kinds = new Set<string>();
    const ids = (kind: string): string => {
      kinds.add(kind);
      return kind;
    };
    const twice = (sim: ReplicationSimulator): void => {
      action(sim);
      sim.settle();
      action(sim);
    };
    const found = refusal(ids, twice);
    expect(found?.rule).toBe("fresh-id");
    expect([...kinds].map((kind) => found?.message.includes(`"${kind}"`))).toContain(true);
  });

  test("nor twice to members that are made in one moment", () => {
    const names = ["source", "replica", "replica"];
    const ids = (kind: string, ordinal: number): string =>
      kind === "instance" ? (names[ordinal] ?? "other") : kind;
    const found = refusal(ids, (sim) => {
      sim.createHaGroup({ name: "orders", source: small, replicas: [small, small] });
      sim.settle();
    });
    expect(found?.message).toBe(
      `createId("instance", 2) returned "replica", which is in use or not a valid string; return a unique string`,
    );
  });

  test("may be the same for two accounts, and for a thing that is gone", () => {
    const sim = new ReplicationSimulator({ createId: (kind) => kind });
    expect(sim.createInstance(small).id).toBe("instance");
    expect(sim.account("5678").createInstance(small).id).toBe("instance");
    sim.settle();
    sim.deleteInstance("instance");
    sim.settle();
    expect(sim.createInstance(small).id).toBe("instance");
  });
});
