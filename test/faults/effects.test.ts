import { describe, expect, test } from "vitest";
import { birthByCommand } from "../../src/kernel/lineage.js";
import type { Fact } from "../../src/model/facts.js";
import type { Mutable, Topology } from "../../src/model/topology.js";
import type { Backup } from "../../src/service/backups/backup.model.js";
import { evolveFault } from "../../src/service/faults/evolveFaults.js";
import type { Fault, FaultOf, InjectedFault } from "../../src/service/faults/fault.model.js";
import {
  faultOf as errorOf,
  injectedFailureFor,
} from "../../src/service/faults/injectedFailure.js";
import {
  birthOfFault,
  deactivateFault,
  injectLater,
  injectNow,
  newFault,
  processFault,
} from "../../src/service/faults/processFault.js";
import { crash, hang, loseHost } from "../../src/service/faults/serviceHealth.js";
import { supersedeFaults } from "../../src/service/faults/supersededFaults.js";
import type { HaGroup } from "../../src/service/haGroups/haGroup.model.js";
import type { Rows } from "./rows.js";
import { faultRow, foreign, instanceRow, transactionOn } from "./transaction.js";

/*
 * What a fault does when it becomes active, ends, or is superseded: facts and signals to lifecycles, in their order.
 */

const key = "0123456789abcdef0123456789abcdef";
const birth = { key, label: "named", counted: "counter" };
const id = "fault-0123456789abcdef";
const crashOf = (instanceId: string): Fault => ({ kind: "crash", instanceId });

/** i0 is the source of i1; i2 stands alone. */
const instances = [
  instanceRow(0, { replicaIds: ["i1"] }),
  instanceRow(1, { sourceId: "i0" }),
  instanceRow(2, { zone: "zone-2", rack: "rack-3" }),
  foreign,
];

/** Injects a fault into these rows, and returns the row as it was injected and what followed. */
function inject(fault: Fault, rows: Rows = { instances }, options = {}) {
  const noted = transactionOn(rows, options);
  injectNow(noted.transaction, fault, { birth, ...options });
  const fact = noted.facts.find(({ type }) => type === "FaultInjected") as
    | Extract<Fact, { type: "FaultInjected" }>
    | undefined;
  return { ...noted, fact, row: fact?.injected };
}

describe("a fault that becomes active now", () => {
  test("is injected as it was born, then takes effect", () => {
    const { fact, steps } = inject({ kind: "crash", instanceId: "i2", durationMs: 40 });
    expect(fact).toEqual({
      type: "FaultInjected",
      counted: "counter",
      injected: faultRow(
        0,
        { kind: "crash", instanceId: "i2", durationMs: 40 },
        {
          id,
          key,
          label: "named",
          injectedAt: 1_000,
          dueAt: 1_040,
          seq: 100,
          endsAt: 1_040,
          cause: 7,
          targetOrdinal: 2,
        },
      ),
    });
    expect(steps).toEqual(["FaultInjected", "i2 service.crashed {}"]);
  });

  test("waits for nothing without a duration", () => {
    expect(inject(crashOf("i2")).row).toMatchObject({ dueAt: null, seq: null, endsAt: null });
    expect(inject({ kind: "outage", durationMs: 0 }).row).toMatchObject({
      dueAt: 1_000,
      endsAt: 1_000,
      targetOrdinal: null,
    });
  });

  test("keeps the random duration until its repair, and what it is a part of", () => {
    const repair = { distribution: 5, since: 1_000, ranMs: 0, totalMs: 5 };
    const { row } = inject(crashOf("i2"), { instances }, { repair, partOf: "f9" });
    expect(row).toMatchObject({ clock: repair, partOf: "f9" });
  });

  const link = (condition: string) => ({ link: { sourceId: "i0", condition: { condition } } });
  const cases: readonly (readonly [Fault, readonly string[]])[] = [
    [crashOf("i2"), ["FaultInjected", "i2 service.crashed {}"]],
    [{ kind: "hang", instanceId: "i2" }, ["FaultInjected", "i2 service.hung"]],
    [{ kind: "loseHost", instanceId: "i2" }, ["FaultInjected", "i2 host.lost {}"]],
    [
      { kind: "recover", instanceId: "i2" },
      ["FaultInjected", "FaultEnded completed", "i2 service.recovered"],
    ],
    [{ kind: "breakReplication", replicaId: "i1" }, ["FaultInjected", "i1 replication.broken"]],
    [
      { kind: "repairReplication", replicaId: "i1" },
      ["FaultInjected", "FaultEnded completed", "i1 replication.repaired"],
    ],
    [{ kind: "partition", instanceId: "i2" }, ["FaultInjected", `PartitionChanged ${id}`]],
    [{ kind: "partition", instanceId: "i2", name: "p" }, ["FaultInjected", "PartitionChanged p"]],
    [
      { kind: "healPartition", instanceId: "i2" },
      ["FaultInjected", "FaultEnded completed", "PartitionChanged null"],
    ],
    [{ kind: "outage" }, ["FaultInjected"]],
    [{ kind: "slowTasks", factor: 2 }, ["FaultInjected"]],
    [{ kind: "loseAnswers" }, ["FaultInjected"]],
    [{ kind: "failTask", task: "build" }, ["FaultInjected"]],
  ];

  /** Facts with what matters of them here. */
  const inWords = (steps: readonly string[], facts: readonly Fact[]) => {
    const left = [...facts];
    return steps.map((step) => {
      if (step !== left[0]?.type) return step;
      const fact = left.shift();
      if (fact?.type === "FaultEnded") return `${step} ${fact.outcome}`;
      return fact?.type === "PartitionChanged" ? `${step} ${String(fact.partitionId)}` : step;
    });
  };

  test.each(cases)("%j has its effect", (fault, expected) => {
    const { steps, facts } = inject(fault);
    expect(inWords(steps, facts)).toEqual(expected);
  });

  test("ends the fault that it repairs, after itself", () => {
    const held = (fault: Fault, part: string, on: number): Rows => ({
      instances: instances.map((one) =>
        one.ordinal === 1 ? ({ ...one, ...link("cut") } as typeof one) : one,
      ),
      faults: [faultRow(0, fault, { targetOrdinal: on })],
      standing: { [`${part} ${String(on)}`]: 0 },
    });
    const ended = (fault: Fault, rows: Rows) =>
      inject(fault, rows).facts.flatMap((fact) =>
        fact.type === "FaultEnded" ? [`${fact.id} ${fact.outcome}`] : [],
      );
    const both = [`${id} completed`, "f0 superseded"];
    const repairs: readonly (readonly [Fault, Fault, string, number])[] = [
      [
        { kind: "repairReplication", replicaId: "i1" },
        { kind: "breakReplication", replicaId: "i1" },
        "replication",
        1,
      ],
      [
        { kind: "healPartition", instanceId: "i2" },
        { kind: "partition", instanceId: "i2" },
        "network",
        2,
      ],
    ];
    for (const [fault, broken, part, on] of repairs) {
      expect(ended(fault, held(broken, part, on))).toEqual(both);
    }
  });

  test("takes the place of what is down already when its host is lost", () => {
    const rows: Rows = {
      instances: [instanceRow(0, { state: "shutdown" })],
      faults: [faultRow(0, crashOf("i0"), { targetOrdinal: 0 })],
      standing: { "service 0": 0 },
    };
    const { facts, steps } = inject({ kind: "loseHost", instanceId: "i0" }, rows);
    expect(facts[0]).toEqual({
      type: "FaultEnded",
      id: "f0",
      row: 0,
      outcome: "superseded",
      reason: "its host is lost",
    });
    expect(steps).toEqual(["FaultEnded", "FaultInjected", "i0 host.lost {}"]);
    expect(inject(crashOf("i0"), rows).steps).toEqual(["FaultInjected", "i0 service.crashed {}"]);
  });

  test("counts the tasks that it lets pass and fails", () => {
    const task: Fault = { kind: "failTask", task: "build" };
    expect(inject(task).row?.remaining).toEqual({ skip: 0, times: 1 });
    expect(inject({ ...task, skip: 2, times: 3 }).row?.remaining).toEqual({ skip: 2, times: 3 });
    expect(inject(crashOf("i2")).row?.remaining).toBeNull();
  });

  test("strikes all instances of a place by parts", () => {
    const { facts, steps } = inject({ kind: "correlated", effect: "crash", zone: "zone-1" });
    expect(steps).toEqual([
      "FaultInjected",
      "FaultInjected",
      "i0 service.crashed {}",
      "FaultInjected",
      "i1 service.crashed {}",
    ]);
    const parts = facts.slice(1) as Extract<Fact, { type: "FaultInjected" }>[];
    expect(parts.map(({ injected: { fault, partOf, label } }) => [fault, partOf, label])).toEqual([
      [crashOf("i0"), id, null],
      [crashOf("i1"), id, null],
    ]);
    expect(parts.map(({ injected }) => injected.key)).toEqual([
      "25eb79bc07219e4830382c04c231a3bc",
      "ba43e691ea83513ec583dccfde65aaca",
    ]);
    const cut = inject({ kind: "correlated", effect: "partition", zone: "zone-2" });
    expect(cut.facts[1]).toMatchObject({
      injected: { fault: { kind: "partition", instanceId: "i2", name: id } },
    });
  });
});

describe("a random fault that becomes active", () => {
  const random = (target: FaultOf<"random">["target"], durationMs?: number): Fault => ({
    kind: "random",
    fault: "crash",
    target,
    timeToFailure: 500,
    timeToRepair: 50,
    ...(durationMs === undefined ? {} : { durationMs }),
  });
  const clock = { distribution: 500, since: 1_000, ranMs: 0, totalMs: 500 };
  const none = { activations: 0, phase: "recurring", targetOrdinal: null, remaining: null };

  test("has no clock itself for several instances", () => {
    const row = { ...none, clock: null, clockOf: null };
    expect(inject(random("all")).row).toMatchObject({ ...row, dueAt: null, seq: null });
    expect(inject(random({ each: "zone" })).row).toMatchObject({ ...row, dueAt: null });
    expect(inject(random({ role: "source" }, 300)).row).toMatchObject({
      ...row,
      dueAt: 1_300,
      endsAt: 1_300,
      seq: 100,
    });
  });

  test("has a clock for one instance, which the service of the instance starts", () => {
    expect(inject(random({ instanceId: "i2" })).row).toMatchObject({
      ...none,
      dueAt: null,
      seq: null,
      clock: { ...clock, since: null },
      clockOf: { processOrdinal: 0, instanceOrdinal: 2 },
    });
  });

  test("has a running clock for one place, and for a population", () => {
    const row = { ...none, clock, clockOf: null, dueAt: 1_500, seq: 100 };
    expect(inject(random({ zone: "zone-1" })).row).toMatchObject(row);
    const among: Fault = {
      kind: "randomAmong",
      fault: "crash",
      target: { instanceId: "i2" },
      timeBetweenFailures: 500,
      timeToRepair: 50,
    };
    expect(inject(among).row).toMatchObject(row);
    expect(inject({ ...among, durationMs: 300 }).row).toMatchObject({ ...row, dueAt: 1_300 });
  });
});

describe("the birth of a fault", () => {
  const { transaction } = transactionOn({ instances });
  const born = (fault: Fault, label?: string) => birthOfFault(transaction, { fault, label });
  const expected = (name: Fault["kind"], parentKey = "", label?: string) =>
    birthByCommand(transaction, { label, kind: "fault", parentKey, name });
  const random = (target: FaultOf<"random">["target"]): Fault => ({
    kind: "random",
    fault: "crash",
    target,
    timeToFailure: 500,
    timeToRepair: 50,
  });

  test.each([
    [crashOf("i2"), "key-i2"],
    [crashOf("i9"), "i9"],
    [crashOf("foreign"), "foreign"],
    [{ kind: "outage" }, ""],
    [random("all"), ""],
    [random({ role: "source" }), ""],
    [random({ instanceId: "i1" }), "key-i1"],
    [random({ zone: "zone-1" }), "zone-1"],
    [random({ each: "rack" }), "rack"],
  ] satisfies [Fault, string][])("of %j is of its target", (fault, parentKey) => {
    expect(born(fault)).toEqual(expected(fault.kind, parentKey));
  });

  test("is of its label if it has one", () => {
    expect(born(crashOf("i2"), "x")).toEqual(expected("crash", "", "x"));
  });
});

describe("the row of a new fault", () => {
  test("has the id of its key, and its number in its account", () => {
    const { transaction } = transactionOn({});
    expect(newFault(transaction, crashOf("i0"), birth)).toMatchObject({
      ordinal: 0,
      accountOrdinal: 0,
      id,
    });
    const counted = inject(crashOf("i2"), {
      instances,
      faults: [faultRow(0, crashOf("i0"), { accountId: "b" })],
    });
    expect(counted.row).toMatchObject({ ordinal: 1, accountOrdinal: 0 });
    injectNow(counted.transaction, { kind: "outage" }, { birth });
    expect(counted.facts.at(-1)).toMatchObject({ injected: { ordinal: 2, accountOrdinal: 1 } });
  });

  test("has the caller's id, which must be new in the account", () => {
    const faults = [
      faultRow(0, crashOf("i0"), { id: "mine" }),
      faultRow(1, crashOf("i0"), { id: "theirs", accountId: "b" }),
    ];
    const given = (own: string) => () =>
      inject(
        crashOf("i2"),
        { instances, faults },
        { newId: (kind: string, at: number) => `${own}${kind}${String(at)}`.slice(0, own.length) },
      );
    expect(given("theirs")().row?.id).toBe("theirs");
    expect(given("mine")).toThrow(/^createId\("fault", 2\) returned "mine", which is in use/);
  });
});

describe("a fault that is due", () => {
  test("waits as scheduled", () => {
    const noted = transactionOn({ instances });
    injectLater(noted.transaction, crashOf("i2"), { birth, dueAt: 5_000 });
    expect(noted.facts).toMatchObject([
      {
        counted: "counter",
        injected: { phase: "scheduled", dueAt: 5_000, seq: 100, targetOrdinal: null, endsAt: null },
      },
    ]);
    expect(noted.steps).toEqual(["FaultInjected"]);
  });

  /** Processes the first fault of these rows. */
  const processed = (row: InjectedFault, rows: Rows = { instances }, victimId?: string) => {
    const noted = transactionOn({ ...rows, faults: [row, ...(rows.faults ?? [])] });
    processFault(noted.transaction, row, victimId);
    return noted;
  };

  test("takes effect as one that is injected then", () => {
    const row = { phase: "scheduled", dueAt: 1_000, seq: 3, activations: 0 } as const;
    const { steps, facts } = processed(
      faultRow(0, { kind: "crash", instanceId: "i2", durationMs: 40 }, row),
    );
    expect(facts).toEqual([
      {
        type: "FaultActivated",
        id: "f0",
        row: 0,
        changes: {
          phase: "active",
          dueAt: 1_040,
          seq: 100,
          endsAt: 1_040,
          targetOrdinal: 2,
          activations: 1,
          clock: null,
          clockOf: null,
          remaining: null,
        },
        skipped: null,
      },
    ]);
    expect(steps).toEqual(["FaultActivated", "i2 service.crashed {}"]);
  });

  test("is rejected if it has become impossible", () => {
    const { facts } = processed(faultRow(0, crashOf("i9"), { phase: "scheduled", dueAt: 1_000 }));
    expect(facts).toEqual([
      {
        type: "FaultEnded",
        id: "f0",
        row: 0,
        outcome: "rejected",
        reason: "instance i9 not found",
      },
    ]);
  });

  test("ends when its time is over", () => {
    const { facts } = processed(faultRow(0, { kind: "outage" }, { dueAt: 1_000, endsAt: 1_000 }));
    expect(facts).toEqual([
      { type: "FaultEnded", id: "f0", row: 0, outcome: "expired", reason: null },
    ]);
  });

  const among: Fault = {
    kind: "randomAmong",
    fault: "crash",
    target: "all",
    timeBetweenFailures: 500,
    timeToRepair: 50,
  };

  test("strikes again and again as a random one, and ends with its time", () => {
    const row = { phase: "recurring", dueAt: 1_000 } as const;
    const { steps } = processed(faultRow(0, among, row), { instances }, "i2");
    expect(steps).toEqual(["FaultActivated", "FaultInjected", "i2 service.crashed {}"]);
    expect(processed(faultRow(0, among, row), {}).steps).toEqual(["FaultActivated"]);
    const own: Fault = {
      kind: "random",
      fault: "hang",
      target: { instanceId: "i1" },
      timeToFailure: 500,
      timeToRepair: 50,
    };
    expect(processed(faultRow(0, own, row)).steps).toEqual([
      "FaultActivated",
      "FaultInjected",
      "i1 service.hung",
    ]);
    const last = { ...row, endsAt: 1_000 };
    expect(processed(faultRow(0, among, last)).steps).toEqual(["FaultEnded"]);
  });

  test("is undone when it ends, where that is possible", () => {
    const down = (state: "shutdown" | "error" | "replicationBroken", source = "i9") =>
      [
        instanceRow(0, { state, ...(state === "replicationBroken" ? { sourceId: source } : {}) }),
        instanceRow(1),
        instanceRow(2, { state: "shutdown" }),
      ] as const;
    const over = { dueAt: 1_000, endsAt: 1_000, targetOrdinal: 0 };
    const rows = (state: Parameters<typeof down>[0], source?: string) => ({
      instances: down(state, source),
    });
    const crashed = faultRow(0, crashOf("i0"), over);
    expect(processed(crashed, rows("shutdown")).steps).toEqual([
      "FaultEnded",
      "i0 service.recovered",
    ]);
    const lost = processed(crashed, {
      instances: [instanceRow(0, { state: "error", status: "ERROR" })],
    });
    expect(lost.facts).toMatchObject([
      { outcome: "expired", reason: "instance i0 is ERROR and does not recover" },
    ]);
    expect(lost.steps).toEqual(["FaultEnded"]);
    const broken = faultRow(0, { kind: "breakReplication", replicaId: "i0" }, over);
    expect(processed(broken, rows("replicationBroken", "i1")).steps).toEqual([
      "FaultEnded",
      "i0 replication.repaired",
    ]);
    for (const state of [
      rows("shutdown"),
      rows("replicationBroken", "i2"),
      rows("replicationBroken"),
    ]) {
      expect(processed(broken, state).steps).toEqual(["FaultEnded"]);
    }
    const cutOff = faultRow(0, { kind: "partition", instanceId: "i0" }, over);
    const healed = processed(cutOff, rows("shutdown"));
    expect(healed.facts).toMatchObject([{ reason: null }, { id: "i0", row: 0, partitionId: null }]);
    expect(healed.steps).toEqual(["FaultEnded", "PartitionChanged"]);
  });

  test("ends with its parts", () => {
    const whole = faultRow(0, { kind: "correlated", effect: "crash", zone: "zone-1" });
    const faults = [
      faultRow(1, crashOf("i0"), { partOf: "f0", targetOrdinal: 0 }),
      faultRow(2, crashOf("i1"), { partOf: "f9", targetOrdinal: 1 }),
      faultRow(3, crashOf("i1"), { partOf: "f0", accountId: "b" }),
    ];
    const { transaction, facts } = transactionOn({ instances, faults: [whole, ...faults] });
    deactivateFault(transaction, whole, "cleared");
    expect(facts).toMatchObject([
      { id: "f0", outcome: "cleared" },
      { id: "f1", outcome: "cleared" },
    ]);
  });
});

describe("a service that goes down", () => {
  const error = (task: string, message: string) =>
    JSON.stringify({ lastError: { task, message, createdAt: 1_000 } });
  const work = (task: string, rest = {}) =>
    ({ work: { task, cause: 3, target: null, ...rest } }) as object;

  test("fails its task", () => {
    const rows = { instances: [instanceRow(0, work("restart"))] };
    const crashed = transactionOn(rows);
    crash(crashed.transaction, rows.instances[0] as never);
    expect(crashed.steps).toEqual([
      `i0 service.crashed ${error("restart", "instance i0 crashed")}`,
    ]);
    const lost = transactionOn(rows);
    loseHost(lost.transaction, rows.instances[0] as never);
    expect(lost.steps).toEqual([
      `i0 host.lost ${error("restart", "the host of instance i0 is lost, and its data with it")}`,
    ]);
  });

  test("fails its visible backup, and leaves that of a replica to the replica", () => {
    const ended = (backup: Partial<Backup>) => {
      const rows = {
        instances: [instanceRow(0, { backupId: "b0" })],
        backups: [
          {
            ordinal: 0,
            id: "b0",
            accountId: "a",
            instanceId: "i0",
            ownerKind: "instance",
            parentId: null,
            state: "running",
            hiddenForReplicaId: null,
            ...backup,
          } as Backup,
        ],
      };
      const { transaction, steps } = transactionOn(rows);
      crash(transaction, rows.instances[0] as never);
      return steps;
    };
    expect(ended({})).toEqual([
      "i0 service.crashed {}",
      `b0 source.lost ${error("runBackup", "instance i0 crashed")}`,
      "BackupEnded",
      "i0 backup.finished",
    ]);
    expect(ended({ hiddenForReplicaId: "i1" })).toEqual(["i0 service.crashed {}"]);
    expect(ended({ id: "b1" })).toEqual(["i0 service.crashed {}"]);
  });

  test("fails the replicas that are built from it, while they need it", () => {
    const failed = (source: object, replica: object, backup?: Partial<Backup>) => {
      const rows = {
        instances: [
          instanceRow(0, { replicaIds: ["i1"], ...source }),
          instanceRow(1, { sourceId: "i0", state: "building", ...replica }),
        ],
        backups:
          backup === undefined
            ? []
            : [
                {
                  ordinal: 0,
                  id: "b0",
                  accountId: "a",
                  instanceId: "i0",
                  hiddenForReplicaId: "i1",
                  ...backup,
                } as Backup,
              ],
      };
      const { transaction, steps } = transactionOn(rows);
      crash(transaction, rows.instances[0] as never);
      return steps.filter((step) => step.startsWith("i1"));
    };
    const failure = [`i1 task.failed ${error("build", "instance i0 crashed")}`];
    const building = work("build", { target: "b0" });
    expect(failed({}, building, { state: "queued" })).toEqual(failure);
    expect(failed({}, building, { state: "running" })).toEqual(failure);
    expect(failed({}, building, { state: "completed" })).toEqual([]);
    expect(failed({}, work("restart", { target: "b0" }), { state: "running" })).toEqual([]);
    expect(failed({}, {}, { state: "running" })).toEqual([]);
    expect(failed({}, building)).toEqual([]);
    // The source restarts for the replica, or for another reason.
    expect(failed(work("restart"), building)).toEqual(failure);
    expect(failed(work("restart", { cause: 4 }), building)).toEqual([]);
    expect(failed(work("rebuild"), building)).toEqual([]);
  });

  test("fails the group that is being formed, and a task of a formed one", () => {
    const signalled = (state: HaGroup["state"], instance: object, by = crash) => {
      const rows = {
        instances: [instanceRow(0, { groupId: "g0", ...instance })],
        groups: [
          {
            ordinal: 0,
            id: "g0",
            accountId: "a",
            state,
            sourceId: "i0",
            replicaIds: [],
          } as unknown as HaGroup,
        ],
      };
      const { transaction, steps } = transactionOn(rows);
      by(transaction, rows.instances[0] as never);
      return steps.slice(1);
    };
    const down = [`g0 member.failed ${error("build", "member i0 went down")}`];
    expect(signalled("building", {})).toEqual(down);
    expect(signalled("building", {}, hang)).toEqual(down);
    expect(signalled("active", {})).toEqual([]);
    expect(signalled("active", {}, hang)).toEqual([]);
    expect(signalled("active", work("restart"))).toEqual([
      `g0 member.failed ${error("restart", "instance i0 crashed")}`,
    ]);
    expect(signalled("building", { groupId: null })).toEqual([]);
  });
});

describe("a task that is to fail", () => {
  const worker = { id: "i0", accountId: "a", work: { task: "build" } } as Parameters<
    typeof injectedFailureFor
  >[1];
  const build: FaultOf<"failTask"> = { kind: "failTask", task: "build" };

  /** Runs a task against faults; the causes of the rows are their numbers. */
  const run = (
    faults: readonly { fault?: Partial<FaultOf<"failTask">>; row?: Partial<InjectedFault> }[],
    { by = worker, others }: { by?: typeof worker; others?: readonly string[] } = {},
  ) => {
    const rows = faults.map(({ fault, row }, ordinal) =>
      faultRow(
        ordinal,
        { ...build, ...fault },
        { cause: ordinal + 10, remaining: { skip: 0, times: 2 }, ...row },
      ),
    );
    const watched = rows.map(({ ordinal }) => ordinal);
    const { transaction, facts, steps } = transactionOn({ faults: rows, watched });
    const failure = injectedFailureFor(transaction, by, others);
    return { failure, facts, steps };
  };

  test("fails by the first fault of its kind, which counts it", () => {
    const { failure, facts, steps } = run([
      { fault: { task: "restart" } },
      { fault: { message: "m" } },
      {},
    ]);
    expect(failure).toEqual({ ...build, message: "m" });
    expect(facts).toEqual([
      { type: "FaultCounterChanged", id: "f1", row: 1, left: { skip: 0, times: 1 } },
    ]);
    expect(steps).toEqual(["FaultCounterChanged", "owe 11"]);
  });

  test("passes while tasks are let pass, and is counted", () => {
    const { failure, facts, steps } = run([{ row: { remaining: { skip: 2, times: 1 } } }]);
    expect(failure).toBeUndefined();
    expect(facts).toMatchObject([{ left: { skip: 1, times: 1 } }]);
    expect(steps).toEqual(["FaultCounterChanged"]);
  });

  test("lets some pass after each failure, and is the last one at the end", () => {
    expect(run([{ fault: { every: 3 } }]).facts).toMatchObject([{ left: { skip: 2, times: 1 } }]);
    const last = run([{ row: { remaining: { skip: 0, times: 1 } } }]);
    expect(last.facts).toMatchObject([{ type: "FaultEnded", outcome: "exhausted" }]);
    expect(last.failure).toEqual(build);
    expect(run([{ row: { remaining: null } }]).facts).toMatchObject([{ outcome: "exhausted" }]);
  });

  test.each([
    ["its own row is meant", { of: "i0" }, {}, undefined, true],
    ["a row that it serves is meant", { of: "g0" }, {}, ["i9", "g0"], true],
    ["another row is meant", { of: "i1" }, {}, ["i9"], false],
    ["nothing else is served", { of: "i1" }, {}, undefined, false],
    ["the row of another account is meant", { of: "i0" }, { accountId: "b" }, undefined, false],
    ["any task of the service is meant", {}, { accountId: "b" }, undefined, true],
    ["any task of its account is meant", { scope: "account" }, {}, undefined, true],
    [
      "any task of another account is meant",
      { scope: "account" },
      { accountId: "b" },
      undefined,
      false,
    ],
    ["another account injects for all", { scope: "service" }, { accountId: "b" }, undefined, true],
  ] as const)("fails where it is meant: %s", (_, fault, row, others, fails) => {
    const options = others === undefined ? {} : { others };
    expect(run([{ fault, row }], options).failure !== undefined).toBe(fails);
  });

  test("passes without faults, or without work", () => {
    expect(run([]).failure).toBeUndefined();
    expect(run([{}], { by: { ...worker, work: null } }).failure).toBeUndefined();
  });

  test("leaves an error with the message of the fault, or one of its own", () => {
    const { transaction } = transactionOn({});
    const work = { task: "build" } as Parameters<typeof errorOf>[1];
    expect(errorOf(transaction, work, "m")).toEqual({
      task: "build",
      message: "m",
      createdAt: 1_000,
    });
    expect(errorOf(transaction, work, null).message).toBe("the build task failed");
    expect(errorOf(transaction, work, undefined).message).toBe("the build task failed");
  });
});

describe("a fault is superseded", () => {
  const standing = { "service 0": 0, "replication 1": 1, "link 1": 2 };
  const faults = [
    faultRow(0, crashOf("i0"), { targetOrdinal: 0 }),
    faultRow(1, { kind: "breakReplication", replicaId: "i1" }, { targetOrdinal: 1 }),
    faultRow(2, { kind: "cutLink", replicaId: "i1" }, { targetOrdinal: 1 }),
    faultRow(3, { kind: "failTask", task: "build", of: "g0" }),
    faultRow(4, { kind: "failTask", task: "build", of: "g0" }, { accountId: "b" }),
    faultRow(5, { kind: "failTask", task: "runBackup", of: "b0" }),
  ];

  const ended = (fact: object, rows: Rows = { instances, faults, standing }, earlier?: number) => {
    const noted = transactionOn(rows);
    if (earlier !== undefined) {
      noted.transaction.emit({ type: "FaultEnded", row: earlier } as Fact);
      noted.facts.length = 0;
    }
    supersedeFaults(noted.transaction, fact as Fact);
    return noted.facts.map((one) =>
      one.type === "FaultEnded" ? `${one.id} ${one.outcome}: ${String(one.reason)}` : one.type,
    );
  };

  test("by a state in which the instance is not damaged any more", () => {
    const fact = { type: "InstanceStateEntered", id: "i0", row: 0, status: "ACTIVE" };
    expect(ended(fact)).toEqual(["f0 superseded: instance i0 is ACTIVE"]);
    const down = [instanceRow(0, { state: "shutdown" })];
    expect(ended(fact, { instances: down, faults, standing })).toEqual([]);
    expect(ended({ ...fact, row: 2 })).toEqual([]);
    expect(ended({ ...fact, row: 77 })).toEqual([]);
    // The fault has ended in the same transaction.
    expect(ended(fact, { instances, faults, standing }, 0)).toEqual([]);
  });

  test("by the end of the replication that it is about", () => {
    const fact = { type: "ReplicationStopped", replicaId: "i1", replicaRow: 1, sourceId: "i0" };
    const reason = "superseded: i1 follows i0 no more";
    expect(ended(fact)).toEqual([`f1 ${reason}`, `f2 ${reason}`]);
    expect(ended(fact, { instances, faults, standing }, 1)).toEqual([`f2 ${reason}`]);
    expect(ended({ ...fact, replicaRow: 0 })).toEqual([]);
    expect(ended({ ...fact, replicaRow: 77 })).toEqual([]);
  });

  test.each([
    ["InstanceRemoved", "i1", ["f1", "f2"]],
    ["GroupRemoved", "g0", ["f3"]],
    ["BackupRemoved", "b0", ["f5"]],
    ["ScheduleRemoved", "g0", []],
  ])("by %s of its target", (type, target, expected) => {
    const words = expected.map((one) => `${one} superseded: its target is gone`);
    expect(ended({ type, id: target, accountId: "a" })).toEqual(words);
  });

  test("not where there was none before the transaction", () => {
    expect(ended({ type: "InstanceRemoved", id: "i1", accountId: "a" }, { instances })).toEqual([]);
  });
});

describe("a fact about a fault", () => {
  const evolve = (topology: Topology, fact: object) => {
    evolveFault(topology as Mutable<Topology>, fact as Parameters<typeof evolveFault>[1]);
  };

  test("refers to a row that is there, and takes the next number", () => {
    const { topology } = transactionOn({ faults: [faultRow(0, crashOf("i0"))] });
    for (const type of [
      "FaultActivated",
      "FaultClockChanged",
      "FaultCounterChanged",
      "FaultEnded",
    ]) {
      expect(() => {
        evolve(topology, { type, row: 3, changes: {}, left: {} });
      }).toThrow("a fact refers to the missing fault 3");
    }
    expect(() => {
      evolve(topology, {
        type: "FaultInjected",
        injected: faultRow(5, crashOf("i0")),
        counted: null,
      });
    }).toThrow("a fact refers to the missing fault 1");
  });

  test("keeps watched faults in the order of injection", () => {
    const faults = Array.from({ length: 12 }, (_, at) => faultRow(at, { kind: "outage" }));
    const { topology } = transactionOn({ faults, watched: [3, 10] });
    const activate = (row: number) => {
      evolve(topology, { type: "FaultActivated", row, changes: { phase: "active" } });
      return topology.watchedFaults;
    };
    expect(activate(9)).toEqual([3, 9, 10]);
    expect(activate(0)).toEqual([0, 3, 9, 10]);
    const same = topology.watchedFaults;
    expect(activate(9)).toBe(same);
    evolve(topology, { type: "FaultEnded", row: 3 });
    expect(topology.watchedFaults).toEqual([0, 9, 10]);
    const left = topology.watchedFaults;
    evolve(topology, { type: "FaultEnded", row: 11 });
    expect(topology.watchedFaults).toBe(left);
  });

  test("lets the next fault of a part stand when the last one ends", () => {
    const faults = [0, 1, 2].map((at) =>
      faultRow(at, crashOf("i0"), { targetOrdinal: at === 2 ? null : 0 }),
    );
    const { topology } = transactionOn({ faults, standing: { "service 0": 1 } });
    evolve(topology, { type: "FaultEnded", row: 0 });
    evolve(topology, { type: "FaultEnded", row: 2 });
    expect(topology.faultsOnInstances.count).toBe(1);
    evolve(topology, { type: "FaultEnded", row: 1 });
    expect(topology.faultsOnInstances.count).toBe(0);
  });
});
