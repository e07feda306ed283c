import { documentedLatency, fastLatency, instantLatency } from "replication-simulator";
import {
  backupMachine,
  haGroupMachine,
  instanceMachine,
  type TaskKind,
  transitionTables,
} from "replication-simulator/lifecycle";
import { describe, expect, test } from "vitest";

const { instance, group, backup } = transitionTables();
const lifecycles = [
  ["instance", instanceMachine, instance],
  ["HA group", haGroupMachine, group],
  ["backup", backupMachine, backup],
] as const;

/** Work that can begin in a lifecycle, with the states that wait for it. */
const works = lifecycles.flatMap(([name, , table]) =>
  Object.entries<TaskKind | null>(table.taskOf).flatMap(([state, task]) =>
    task === null ? [] : [[name, state, task, table] as const],
  ),
);

describe.each(lifecycles)("the machine of one %s", (name, machine, table) => {
  test("is flat, and nothing but words: no context, guards, delays, services or nested states", () => {
    // `schemas` is where XState keeps the types; there are none at run time.
    expect(Object.keys(machine.config).sort()).toEqual(["id", "initial", "schemas", "states"]);
    expect(machine.config.schemas).toBeUndefined();
    for (const state of Object.values(machine.config.states ?? {})) {
      const { meta, entry, on = {}, type, ...rest } = state;
      expect(rest).toEqual({});
      expect([undefined, "final"]).toContain(type);
      expect(JSON.parse(JSON.stringify(meta ?? {}))).toEqual(meta ?? {});
      expect(Object.keys(meta ?? {})).toContain("status");
      if (entry !== undefined) {
        expect(entry).toEqual({
          type: "startTask",
          params: { kind: expect.any(String) as string },
        });
      }
      for (const target of Object.values(on)) expect(table.states).toContain(target);
    }
  });

  test("has a name that tools show", () => {
    expect(machine.id).toBe(
      { instance: "instance", "HA group": "haGroup", backup: "backup" }[name],
    );
  });

  test("can be run as it is: its one action does nothing by itself", () => {
    expect(Object.keys(machine.implementations.guards)).toEqual([]);
    expect(Object.keys(machine.implementations.delays)).toEqual([]);
    expect(Object.keys(machine.implementations.actors)).toEqual([]);
    const actions = machine.implementations.actions as Record<string, (...args: unknown[]) => void>;
    expect(Object.keys(actions)).toEqual(["startTask"]);
    expect(actions["startTask"]?.({}, { kind: "build" })).toBeUndefined();
  });

  test("ends in exactly one state, which is deaf", () => {
    const deaf = Object.entries(table.transitions).filter(
      ([, row]) => Object.keys(row).length === 0,
    );
    expect(deaf.map(([state]) => state)).toEqual(["deleted"]);
    expect(machine.states["deleted"]?.type).toBe("final");
  });
});

describe("work", () => {
  test.each(works)("of one %s in %s (%s) can be done and can fail", (_, state, __, table) => {
    const row = (table.transitions as Readonly<Record<string, Readonly<Record<string, string>>>>)[
      state
    ];
    expect(Object.keys(row ?? {})).toEqual(expect.arrayContaining(["task.done", "task.failed"]));
    expect(row?.["task.done"]).not.toBe(state);
    expect(row?.["task.failed"]).not.toBe(state);
  });

  test("is handled only where it is under way", () => {
    for (const [, , table] of lifecycles) {
      for (const [state, row] of Object.entries<object>(table.transitions)) {
        const isReceived = "task.done" in row || "task.failed" in row;
        expect([state, isReceived]).toEqual([
          state,
          (table.taskOf as Readonly<Record<string, unknown>>)[state] !== null,
        ]);
      }
    }
  });

  test.each(works)(
    "of one %s in %s (%s) has a documented, a fast and an instant duration",
    (_, __, task) => {
      expect(documentedLatency[task]).toBeGreaterThan(0);
      expect(fastLatency[task]).toBe(Math.ceil(Number(documentedLatency[task]) / 1000));
      expect(instantLatency[task]).toBe(0);
    },
  );

  test("of no other kind has a duration, but for the builds that take longer and for what is no work", () => {
    const kinds = new Set<string>(works.map(([, , task]) => task));
    expect(Object.keys(documentedLatency).filter((key) => !kinds.has(key))).toEqual([
      "buildReplica",
      "startMemberBuild",
      "leaveGroup",
      "backupPerGb",
      "restorePerGb",
      "buildReplicaPerGb",
      "receiveLag",
      "applyLag",
      "acknowledgementTimeout",
    ]);
  });
});
