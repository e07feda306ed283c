import { transitionTables } from "replication-simulator/lifecycle";
import { describe, expect, test } from "vitest";
import {
  backupStatusOf,
  backupTransitions,
  groupStatuses,
  groupTakesIn,
  groupTransitions,
  instanceStatuses,
  instanceTransitions,
  type Row,
  statusRules,
} from "./documented.js";

const { instance, group, backup } = transitionTables();

interface Table {
  readonly states: readonly string[];
  readonly signals: readonly string[];
  readonly transitions: Readonly<Record<string, Readonly<Partial<Record<string, string>>>>>;
  readonly statusOf: Readonly<Record<string, string>>;
}

/** `state signal` for every cell of a table that is not empty, and where it leads. */
function arrows(table: Table): Readonly<Record<string, string>> {
  return Object.fromEntries(
    table.states.flatMap((state) =>
      Object.entries(table.transitions[state] ?? {}).map(([signal, to]) => [
        `${state} ${signal}`,
        to ?? "",
      ]),
    ),
  );
}

function documented(rows: readonly Row<string, string>[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    rows.flatMap(([, from, signal, to]) =>
      from.map((state) => [`${state} ${signal}`, to === "itself" ? state : to]),
    ),
  );
}

/** The statuses some state of which takes a signal. */
function statusesTaking(table: Table, signal: string): readonly string[] {
  const taking = table.states.filter((state) => table.transitions[state]?.[signal] !== undefined);
  return [...new Set(taking.map((state) => table.statusOf[state] ?? ""))].sort();
}

describe("an instance goes where its transition table says", () => {
  test.each(
    instanceTransitions.flatMap(([row, from, signal, to]) =>
      from.map((state) => [row, state, signal, to === "itself" ? state : to] as const),
    ),
  )("%s: %s receives %s and is %s", (_, state, signal, to) => {
    expect(instance.transitions[state][signal]).toBe(to);
  });

  test("and nowhere else", () => {
    expect(arrows(instance)).toEqual(documented(instanceTransitions));
  });
});

describe("an HA group goes where its transition table says", () => {
  test.each(
    groupTransitions.flatMap(([row, from, signal, to]) =>
      from.map((state) => [row, state, signal, to === "itself" ? state : to] as const),
    ),
  )("%s: %s receives %s and is %s", (_, state, signal, to) => {
    expect(group.transitions[state][signal]).toBe(to);
  });

  test("and nowhere else", () => {
    expect(arrows(group)).toEqual(documented(groupTransitions));
  });
});

describe("a backup goes where its transition table says", () => {
  test.each(
    backupTransitions.flatMap(([row, from, signal, to]) =>
      from.map((state) => [row, state, signal, to === "itself" ? state : to] as const),
    ),
  )("%s: %s receives %s and is %s", (_, state, signal, to) => {
    expect(backup.transitions[state][signal]).toBe(to);
  });

  test("and nowhere else", () => {
    expect(arrows(backup)).toEqual(documented(backupTransitions));
  });

  test("and reads as the API says in each state", () => {
    expect(backup.statusOf).toEqual(backupStatusOf);
  });
});

test("what was asked for begins as BUILD, a backup as NEW", () => {
  expect([instance.initial, instance.statusOf[instance.initial]]).toEqual(["building", "BUILD"]);
  expect([group.initial, group.statusOf[group.initial]]).toEqual(["requested", "BUILD"]);
  expect([backup.initial, backup.statusOf[backup.initial]]).toEqual(["queued", "NEW"]);
});

describe("which command an instance takes in which status", () => {
  for (const { command, signal, takenIn } of statusRules) {
    test.each(
      instanceStatuses.map((status) => [status, takenIn.includes(status) ? "taken" : "refused"]),
    )(`${command} in %s is %s`, (status, outcome) => {
      const states = instance.states.filter(
        (state) => state !== "deleted" && instance.statusOf[state] === status,
      );
      expect(states).not.toEqual([]);
      for (const state of states) {
        expect(instance.transitions[state][signal] === undefined ? "refused" : "taken").toBe(
          outcome,
        );
      }
    });
  }
});

describe("which command an HA group takes in which status", () => {
  test.each(Object.entries(groupTakesIn))("%s in %s only", (signal, statuses) => {
    // The monitor's count of missed pings reads ACTIVE too, and is no time to begin other work.
    expect(statusesTaking(group, signal)).toEqual([...statuses].sort());
  });

  test("while the monitor counts missed pings the group reads ACTIVE and takes no operation", () => {
    expect(group.statusOf.detectingFailure).toBe("ACTIVE");
    expect(Object.keys(group.transitions.detectingFailure).sort()).toEqual([
      "acl.requested",
      "delete.requested",
      "source.recovered",
      "task.done",
      "task.failed",
    ]);
  });
});

describe("every word of the API is some state's", () => {
  test("for an instance: all statuses but the two of upgrades, and no other", () => {
    expect(new Set(Object.values(instance.statusOf))).toEqual(new Set(instanceStatuses));
  });

  test("for an HA group: all 25, and no other", () => {
    expect(groupStatuses).toHaveLength(25);
    expect(new Set(Object.values(group.statusOf))).toEqual(new Set(groupStatuses));
  });
});
