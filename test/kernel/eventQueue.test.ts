import { describe, expect, test } from "vitest";
import { appendRow, assignRow, dropRow, type Table } from "../../src/collections/table.js";
import { EventQueue } from "../../src/kernel/eventQueue.js";
import type { Fact } from "../../src/model/facts.js";
import type { DueItemOwner } from "../../src/model/rows.js";
import { maxTime } from "../../src/model/time.js";
import { emptyTopology, type Topology } from "../../src/model/topology.js";

/* The order in which things become due, as the simulated service asks for it. Items are written as owner, row, time. */

type Item = readonly [DueItemOwner, row: number, dueAt: number];

/** The table of each owner. */
const tables = {
  instance: "instances",
  group: "groups",
  backup: "backups",
  schedule: "schedules",
  acknowledgement: "instances",
  fault: "faults",
} as const;

/** What of a row says when it is due. */
function dueFields(owner: DueItemOwner, dueAt: number | null, seq: number | null): object {
  const due = dueAt === null || seq === null ? null : { dueAt, seq };
  switch (owner) {
    case "instance":
    case "group":
    case "backup":
      return { work: due, log: null };
    case "schedule":
      return { nextRunAt: dueAt, seq };
    case "acknowledgement":
      return { work: null, log: { semiSynchrony: { due } } };
    case "fault":
      return { dueAt, seq };
  }
}

/** A table as the test writes it: an event queue reads nothing of a row but these fields. */
function tableOf(topology: Topology, owner: DueItemOwner): Table<object> {
  return topology[tables[owner]] as unknown as Table<object>;
}

function addRow(topology: Topology, owner: DueItemOwner, fields: object): number {
  const table = tableOf(topology, owner);
  return appendRow(table, { ordinal: table.size, accountId: "1234", ...fields });
}

/** A topology whose rows are due at these times; the sequence numbers are those of the places in the list. */
function topologyOf(items: readonly (readonly [DueItemOwner, dueAt: number | null])[]): Topology {
  const topology = emptyTopology();
  for (const [seq, [owner, dueAt]] of items.entries()) {
    addRow(topology, owner, dueFields(owner, dueAt, dueAt === null ? null : seq));
  }
  return topology;
}

/** Takes all items, at most a hundred. */
function drained(queue: EventQueue, topology: Topology): readonly Item[] {
  const items: Item[] = [];
  for (let due = queue.peek(topology); due !== undefined && items.length < 100; ) {
    items.push([due.owner, due.row.ordinal, due.dueAt]);
    queue.take(due);
    due = queue.peek(topology);
  }
  return items;
}

describe("the event queue of a topology", () => {
  const one = topologyOf([
    ["fault", 60],
    ["schedule", 50],
    ["backup", 40],
    ["acknowledgement", 30],
    ["group", 20],
    ["instance", 10],
  ]);
  const inOrder: readonly Item[] = [
    ["instance", 1, 10],
    ["group", 0, 20],
    ["acknowledgement", 0, 30],
    ["backup", 0, 40],
    ["schedule", 0, 50],
    ["fault", 0, 60],
  ];

  test("has each row that is due, in the order of times", () => {
    expect(drained(EventQueue.of(one), one)).toEqual(inOrder);
  });

  test("has the row itself, with its account and its place among items of the time", () => {
    expect(EventQueue.of(one).peek(one)).toEqual({
      owner: "instance",
      row: { ordinal: 1, accountId: "1234", work: { dueAt: 10, seq: 5 }, log: null },
      accountId: "1234",
      dueAt: 10,
      seq: 5,
    });
  });

  test("has nothing of rows that are not due", () => {
    const owners = ["instance", "group", "backup", "acknowledgement", "fault"] as const;
    const topology = topologyOf(owners.map((owner) => [owner, null] as const));
    addRow(topology, "instance", { work: null, log: { semiSynchrony: null } });
    expect(EventQueue.of(topology).pending(topology)).toEqual([]);
    expect(EventQueue.of(topology).peek(topology)).toBeUndefined();
  });

  test.each([1, 2, 3, 5, 8, 13, 30])("is in order for %d rows in any order", (count) => {
    for (const factor of [1, 7, 11, 17, 23]) {
      const topology = topologyOf(
        Array.from({ length: count }, (_, at) => {
          const dueAt = (at * factor) % 29;
          return [at % 2 === 0 ? "instance" : "schedule", dueAt] as const;
        }),
      );
      const times = drained(EventQueue.of(topology), topology).map(([, , dueAt]) => dueAt);
      expect(times).toHaveLength(count);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
    }
  });

  test("lists what is pending by time, then by number, and keeps it", () => {
    const topology = topologyOf([
      ["schedule", 20],
      ["instance", 20],
      ["fault", 10],
      ["group", 20],
      ["instance", 10],
      ["acknowledgement", 20],
    ]);
    const queue = EventQueue.of(topology);
    for (let time = 0; time < 2; time++) {
      expect(queue.pending(topology).map(({ dueAt, seq }) => [dueAt, seq])).toEqual([
        [10, 2],
        [10, 4],
        [20, 0],
        [20, 1],
        [20, 3],
        [20, 5],
      ]);
    }
    expect(drained(queue, topology).map(([owner]) => owner)).toEqual([
      "fault",
      "instance",
      "schedule",
      "instance",
      "group",
      "acknowledgement",
    ]);
  });

  test("is not changed by what another world takes from its fork", () => {
    const queue = EventQueue.of(one);
    const fork = queue.fork();
    expect(drained(fork, one)).toEqual(inOrder);
    expect(drained(queue, one)).toEqual(inOrder);
  });
});

describe("an item", () => {
  test("of the last ms of time becomes due, a later one does not", () => {
    const topology = topologyOf([
      ["schedule", maxTime + 1],
      ["instance", maxTime + 1],
      ["schedule", maxTime],
      ["instance", maxTime],
    ]);
    expect(drained(EventQueue.of(topology), topology)).toEqual([
      ["schedule", 1, maxTime],
      ["instance", 1, maxTime],
    ]);
  });

  test.each(["schedule", "acknowledgement", "fault"] as const)(
    "of the kind %s waits for a task, since it alone would never end",
    (owner) => {
      const topology = topologyOf([
        [owner, 10],
        ["group", 20],
      ]);
      const queue = EventQueue.of(topology);
      expect(queue.peekWhileWorking(topology)?.owner).toBe(owner);
      assignRow(tableOf(topology, "group"), 0, { ordinal: 0, ...dueFields("group", null, null) });
      expect(queue.peekWhileWorking(topology)).toBeUndefined();
      expect(queue.peek(topology)?.owner).toBe(owner);
    },
  );

  test.each(Object.keys(tables) as DueItemOwner[])(
    "of the kind %s is dropped when its row is due for another reason, at rest, or removed",
    (owner) => {
      const topology = topologyOf([
        [owner, 10],
        [owner, 11],
        [owner, 12],
        ["instance", 20],
      ]);
      const queue = EventQueue.of(topology);
      const table = tableOf(topology, owner);
      assignRow(table, 0, { ordinal: 0, ...dueFields(owner, 15, 99) });
      assignRow(table, 1, { ordinal: 1, ...dueFields(owner, null, null), log: null });
      dropRow(table, 2);
      expect(queue.pending(topology).map(({ dueAt }) => dueAt)).toEqual([20]);
      expect(drained(queue, topology).map(([, , dueAt]) => dueAt)).toEqual([20]);
    },
  );
});

/** What is due at time 10, under a number that the row has. */
const due = { dueAt: 10, seq: 0 };
const log = { semiSynchrony: { due } };
const idle = { semiSynchrony: { due: null } };

/** Facts, each with the owner that it makes due. They have the fields that an event queue reads. */
const makesDue: readonly (readonly [DueItemOwner, object])[] = [
  ["instance", { type: "InstanceCreated", instance: { ordinal: 0, work: due } }],
  ["instance", { type: "InstanceStateEntered", row: 0, work: due }],
  ["instance", { type: "WorkRedrawn", owner: "instance", row: 0, work: due }],
  ["group", { type: "GroupCreated", group: { ordinal: 0, work: due } }],
  ["group", { type: "GroupStateEntered", row: 0, work: due }],
  ["group", { type: "WorkRedrawn", owner: "group", row: 0, work: due }],
  ["backup", { type: "BackupCreated", backup: { ordinal: 0, work: due } }],
  ["backup", { type: "BackupStateEntered", row: 0, work: due }],
  ["backup", { type: "WorkRedrawn", owner: "backup", row: 0, work: due }],
  ["schedule", { type: "ScheduleCreated", schedule: { ordinal: 0, nextRunAt: 10, seq: 0 } }],
  ["schedule", { type: "ScheduleChanged", row: 0, changes: { nextRunAt: 10, seq: 0 } }],
  ["schedule", { type: "ScheduleFired", row: 0, nextRunAt: 10, seq: 0 }],
  ["acknowledgement", { type: "AcknowledgementChanged", row: 0, log }],
  ["acknowledgement", { type: "SemiSynchronousDegraded", row: 0, log }],
  ["acknowledgement", { type: "SemiSynchronousRestored", row: 0, log }],
  ["fault", { type: "FaultInjected", injected: { ordinal: 0, ...due } }],
  ["fault", { type: "FaultActivated", row: 0, changes: due }],
  ["fault", { type: "FaultClockChanged", row: 0, changes: due }],
];

const makesNothingDue: readonly object[] = [
  { type: "InstanceCreated", instance: { ordinal: 0, work: null } },
  { type: "InstanceStateEntered", row: 0, work: null },
  { type: "GroupCreated", group: { ordinal: 0, work: null } },
  { type: "GroupStateEntered", row: 0, work: null },
  { type: "BackupCreated", backup: { ordinal: 0, work: null } },
  { type: "BackupStateEntered", row: 0, work: null },
  { type: "ScheduleChanged", row: 0, changes: { minute: 5 } },
  { type: "AcknowledgementChanged", row: 0, log: idle },
  { type: "AcknowledgementChanged", row: 0, log: { semiSynchrony: null } },
  { type: "SemiSynchronousDegraded", row: 0, log: idle },
  { type: "SemiSynchronousRestored", row: 0, log: idle },
  { type: "FaultInjected", injected: { ordinal: 0, dueAt: null, seq: null } },
  { type: "FaultActivated", row: 0, changes: { dueAt: null, seq: null } },
  { type: "FaultClockChanged", row: 0, changes: { dueAt: null, seq: null } },
  { type: "AccountOpened", accountId: "1234" },
];

describe("a fact", () => {
  test.each(makesDue.map(([owner, fact]) => [(fact as Fact).type, owner, fact as Fact] as const))(
    "%s makes the %s due that it is about",
    (_, owner, fact) => {
      const queue = EventQueue.of(emptyTopology());
      queue.follow([fact]);
      const topology = topologyOf([[owner, 10]]);
      expect(drained(queue, topology)).toEqual([[owner, 0, 10]]);
    },
  );

  test.each(makesNothingDue.map((fact) => [JSON.stringify(fact), fact as Fact] as const))(
    "%s leaves the others in order",
    (_, fact) => {
      const topology = topologyOf([
        ["instance", null],
        ["instance", 3],
        ["schedule", 3],
        ["instance", 5],
        ["schedule", 5],
        ["fault", null],
      ]);
      const queue = EventQueue.of(emptyTopology());
      const entered = (row: number, dueAt: number, seq: number): Fact =>
        ({ type: "InstanceStateEntered", row, work: { dueAt, seq } }) as Fact;
      const fired = (row: number, nextRunAt: number, seq: number): Fact =>
        ({ type: "ScheduleFired", row, nextRunAt, seq }) as Fact;
      queue.follow([entered(1, 3, 1), fired(0, 3, 2), fact, entered(2, 5, 3), fired(1, 5, 4)]);
      expect(drained(queue, topology)).toEqual([
        ["instance", 1, 3],
        ["schedule", 0, 3],
        ["instance", 2, 5],
        ["schedule", 1, 5],
      ]);
    },
  );
});
