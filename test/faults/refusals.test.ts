import { describe, expect, test } from "vitest";
import type { RuleContext } from "../../src/kernel/ruleContext.js";
import type { CommandOf } from "../../src/model/commandTypes.js";
import type { Fault, FaultOf, RandomTarget } from "../../src/service/faults/fault.model.js";
import {
  clearFaultRules,
  failTaskRules,
  injectFaultRules,
} from "../../src/service/faults/faultRules.js";
import type { HaGroup } from "../../src/service/haGroups/haGroup.model.js";
import type { Instance } from "../../src/service/instances/instance.model.js";
import type { Rule } from "../../src/service/shared/rule.js";
import { moveClientsRules } from "../../src/service/workload/moveClientsRules.js";
import type { Rows } from "./rows.js";
import { faultRow, foreign, instanceRow, transactionOn } from "./transaction.js";

/*
 * What each rule on faults and on the clients of an instance refuses, with its field and value. The rules stand alone
 * here; the rule book holds them to the commands.
 */

/** i0 is the source of i1 and down; i2 is the source of i3; i4 stands alone. */
const instances = [
  instanceRow(0, { replicaIds: ["i1"], state: "shutdown", status: "SHUTDOWN" }),
  instanceRow(1, { sourceId: "i0", state: "replicationBroken", status: "REPLICATION_ERROR" }),
  instanceRow(2, { replicaIds: ["i3"], zone: "zone-2", rack: "rack-3" }),
  instanceRow(3, { sourceId: "i2", zone: "zone-2", rack: "rack-3" }),
  instanceRow(4, { zone: "zone-2", rack: "rack-3" }),
  foreign,
];
const groups = [
  { ordinal: 0, id: "g0", accountId: "a", sourceId: "i2", replicaIds: [] } as unknown as HaGroup,
];
const fleet: Rows = { instances, groups };

type AnyRule = Pick<Rule<CommandOf<"injectFault">>, "id" | "field" | "violation">;

/** Every rule that refuses a command, with the field, the value and the message. */
function refusals(
  rules: readonly object[],
  command: object,
  rows: Rows = fleet,
): readonly string[] {
  const context: RuleContext = transactionOn(rows).transaction.context;
  return (rules as readonly AnyRule[]).flatMap((rule) => {
    context.lastNamed.instance = undefined;
    const found = rule.violation(command as never, context);
    if (found === undefined) return [];
    return [
      `${rule.id} | ${found.field ?? rule.field} = ${String(found.value)} | ${found.message}`,
    ];
  });
}

/** What would have been allowed. */
function allowedBy(rules: readonly object[], command: object, rows: Rows = fleet): unknown {
  const context: RuleContext = transactionOn(rows).transaction.context;
  const found = (rules as readonly AnyRule[]).flatMap(
    (rule) => rule.violation(command as never, context) ?? [],
  );
  return found[0]?.allowed;
}

const inject = (fault: object, rows?: Rows, time: object = {}) =>
  refusals(injectFaultRules, { fault, ...time }, rows);

const random = (target: RandomTarget, fault: FaultOf<"random">["fault"] = "crash"): Fault => ({
  kind: "random",
  fault,
  target,
  timeToFailure: 1,
  timeToRepair: 1,
});
const among = (target: RandomTarget): Fault => ({
  kind: "randomAmong",
  fault: "crash",
  target,
  timeBetweenFailures: 1,
  timeToRepair: 1,
});

describe("a fault is injected", () => {
  const accepted: readonly (readonly [fault: Fault, time?: object])[] = [
    [{ kind: "crash", instanceId: "i4" }],
    [{ kind: "recover", instanceId: "i0" }],
    [{ kind: "breakReplication", replicaId: "i3" }],
    [{ kind: "slowLink", replicaId: "i3", lagMs: 1 }],
    [{ kind: "slowLink", replicaId: "i3", factor: 2 }],
    [{ kind: "partition", instanceId: "i0" }],
    [{ kind: "correlated", effect: "crash", zone: "zone-2" }],
    [{ kind: "correlated", effect: "crash", rack: "rack-3" }],
    [{ kind: "failTask", task: "build", atPreparation: true }],
    [{ kind: "failTask", task: "restart", atPreparation: false, of: "i4" }],
    [{ kind: "failTask", task: "restart", of: "g0" }],
    [{ kind: "outage" }],
    [random("all")],
    [random({ role: "source" })],
    [random({ groupId: "g0" })],
    [random({ sourceId: "i2" }, "cutLink")],
    [random({ zone: "zone-1" }, "partition")],
    [random({ each: "rack" })],
    [among({ instanceId: "i4" })],
    [{ kind: "outage" }, { at: 1_000 }],
    [{ kind: "outage" }, { afterMs: 0 }],
    // A fault that is to come is held to what there is when it comes.
    [{ kind: "crash", instanceId: "i9" }, { at: 2_000 }],
    [{ kind: "crash", instanceId: "i9" }, { afterMs: 1 }],
    [{ kind: "cutLink", replicaId: "i4" }, { afterMs: 1 }],
    [{ kind: "restoreLink", replicaId: "i3" }, { afterMs: 1 }],
    [{ kind: "healPartition", instanceId: "i4" }, { at: 2_000 }],
    [{ kind: "repairReplication", replicaId: "i1" }, { at: 2_000 }],
    [{ kind: "recover", instanceId: "i4" }, { afterMs: 1 }],
    [{ kind: "correlated", effect: "crash", rack: "rack-4" }, { afterMs: 1 }],
  ];

  const cases = accepted.map(([fault, time = {}]) => [fault, time] as const);

  test.each(cases)("where nothing speaks against it: %j %j", (fault, time) => {
    expect(inject(fault, fleet, time)).toEqual([]);
  });
});

describe("a fault is refused", () => {
  const missing: readonly (readonly [Fault, string, string])[] = [
    [{ kind: "crash", instanceId: "i9" }, "instanceId", "instance i9"],
    [{ kind: "crash", instanceId: "foreign" }, "instanceId", "instance foreign"],
    [{ kind: "cutLink", replicaId: "i9" }, "replicaId", "instance i9"],
    [{ kind: "failTask", task: "build", of: "i9" }, "of", "instance, HA group or backup i9"],
    [random({ instanceId: "i9" }), "target.instanceId", "instance i9"],
    [random({ groupId: "i4" }), "target.groupId", "HA group i4"],
    [among({ groupId: "g9", role: "source" }), "target.groupId", "HA group g9"],
    [among({ sourceId: "g0" }), "target.sourceId", "instance g0"],
  ];

  test.each(missing)("without its target: %j", (fault, field, name) => {
    const [first] = inject(fault);
    expect(first).toBe(
      `fault-target-exists | fault.${field} = ${name.split(" ").at(-1) ?? ""} | ${name} not found`,
    );
  });

  const cases: readonly (readonly [Fault, readonly string[]])[] = [
    [
      { kind: "failTask", task: "restart", atPreparation: true },
      [
        "preparation-is-of-build | fault.atPreparation = restart | task restart has no preparation step; atPreparation is for build only",
      ],
    ],
    [
      { kind: "slowLink", replicaId: "i3" },
      [
        "slow-link-needs-lag-or-factor | fault.lagMs = undefined | slowLink requires lagMs, factor or both",
      ],
    ],
    [
      { kind: "correlated", effect: "crash" },
      ["correlated-place | fault.zone = undefined | correlated requires zone, rack or both"],
    ],
    [
      { kind: "correlated", effect: "crash", zone: "zone-9" },
      [
        "known-place | fault.zone = zone-9 | there is no zone-9: the option placement gives zone-1, zone-2",
        "correlated-victims | fault.effect = crash | no instance in zone-9 is in service; create one or wait for it",
      ],
    ],
    [
      { kind: "correlated", effect: "hang", rack: "rack-4" },
      [
        "correlated-victims | fault.effect = hang | no instance in rack-4 is in service; create one or wait for it",
      ],
    ],
    [
      { kind: "correlated", effect: "partition", zone: "zone-2", rack: "rack-4" },
      [
        "correlated-victims | fault.effect = partition | no instance in zone-2, rack-4 is in service; create one or wait for it",
      ],
    ],
    [
      random({ rack: "rack-9" }),
      [
        "known-place | fault.target.rack = rack-9 | there is no rack-9 in the region: it has rack-1, rack-2, rack-3, rack-4",
      ],
    ],
    [
      random({ zone: "zone-1" }, "cutLink"),
      ["random-place | fault.fault = cutLink | cutLink is no failure of a whole zone or rack"],
    ],
    [
      random({ each: "zone" }, "breakReplication"),
      [
        "random-place | fault.fault = breakReplication | breakReplication is no failure of a whole zone or rack",
      ],
    ],
    [
      among({ each: "zone" }),
      [
        'random-place | fault.target = {"each":"zone"} | a zone or a rack has a clock of its own; use injectRandom',
      ],
    ],
    [
      { kind: "cutLink", replicaId: "i4" },
      ["fault-is-of-replica | fault.replicaId = i4 | instance i4 is not a replica"],
    ],
    [
      { kind: "restoreLink", replicaId: "i3" },
      ["fault-link | fault.replicaId = i3 | the link of replica i3 has no fault"],
    ],
    [
      { kind: "healPartition", instanceId: "i4" },
      ["fault-network | fault.instanceId = i4 | the network of instance i4 has no fault"],
    ],
    [
      { kind: "repairReplication", replicaId: "i1" },
      [
        "source-available | fault.replicaId = SHUTDOWN | cannot repair replication while the source i0 is SHUTDOWN; recover the source first",
      ],
    ],
    [
      { kind: "repairReplication", replicaId: "i3" },
      [
        "fault-status | fault.replicaId = ACTIVE | cannot repair the replication of instance i3 in status ACTIVE; allowed: REPLICATION_ERROR",
      ],
    ],
    [
      { kind: "recover", instanceId: "i4" },
      [
        "fault-status | fault.instanceId = ACTIVE | cannot recover instance i4 in status ACTIVE; allowed: SHUTDOWN, BLOCKED, REPLICATION_ERROR",
      ],
    ],
  ];

  test.each(cases)("by its rule: %j", (fault, expected) => {
    expect(inject(fault)).toEqual(expected);
  });

  test("where its part has a fault already", () => {
    const rows: Rows = {
      ...fleet,
      faults: [
        faultRow(0, { kind: "cutLink", replicaId: "i3" }),
        faultRow(1, { kind: "partition", instanceId: "i4" }),
      ],
      standing: { "link 3": 0, "network 4": 1 },
    };
    expect(inject({ kind: "slowLink", replicaId: "i3", factor: 2 }, rows)).toEqual([
      "fault-link | fault.replicaId = i3 | the link of replica i3 already has f0; clear it first",
    ]);
    expect(inject({ kind: "partition", instanceId: "i4" }, rows)).toEqual([
      "fault-network | fault.instanceId = i4 | the network of instance i4 already has f1; clear it first",
    ]);
    expect(inject({ kind: "restoreLink", replicaId: "i3" }, rows)).toEqual([]);
    expect(inject({ kind: "healPartition", instanceId: "i4" }, rows)).toEqual([]);
    expect(inject({ kind: "slowLink", replicaId: "i3", factor: 2 }, rows, { afterMs: 1 })).toEqual(
      [],
    );
    expect(inject({ kind: "crash", instanceId: "i4" }, rows)).toEqual([]);
  });

  test("for a time that is over, or two times", () => {
    expect(inject({ kind: "outage" }, fleet, { at: 999 })).toEqual([
      "fault-time-in-future | at = 999 | fault time 999 is in the past; the current virtual time is 1000",
    ]);
    expect(inject({ kind: "outage" }, fleet, { at: 1_000, afterMs: 0 })).toEqual([
      "fault-time | at = 1000 | pass either `at` or `afterMs`, not both",
    ]);
  });

  test("saying what would have been allowed", () => {
    const allowed = (fault: Fault, time = {}) => allowedBy(injectFaultRules, { fault, ...time });
    expect(allowed({ kind: "slowLink", replicaId: "i3" })).toBe("lagMs, factor");
    expect(allowed({ kind: "correlated", effect: "crash" })).toBe("zone, rack");
    expect(allowed(among({ each: "zone" }))).toBe("instances");
    expect(allowed(random({ each: "zone" }, "cutLink"))).toEqual(["crash", "hang", "partition"]);
    expect(allowed({ kind: "outage" }, { at: 999 })).toBe("1000 or more");
    expect(allowed({ kind: "failTask", task: "restart", atPreparation: true })).toBe("build");
  });
});

describe("the failure of a task is refused", () => {
  const fail = (input: object) => refusals(failTaskRules, input);

  test("without its target, or for a preparation that there is not", () => {
    expect(fail({ task: "build", of: "i9" })).toEqual([
      "fault-target-exists | of = i9 | instance, HA group or backup i9 not found",
    ]);
    expect(fail({ task: "restart", atPreparation: true })).toEqual([
      "preparation-is-of-build | atPreparation = restart | task restart has no preparation step; atPreparation is for build only",
    ]);
    expect(fail({ task: "build", of: "g0", atPreparation: true })).toEqual([]);
    expect(fail({ task: "restart" })).toEqual([]);
  });
});

describe("a fault is cleared", () => {
  const crash: Fault = { kind: "crash", instanceId: "i4" };
  const clockOf = (processOrdinal: number, instanceOrdinal: number | null) => ({
    phase: "recurring" as const,
    clockOf: { processOrdinal, instanceOrdinal },
  });
  const rows: Rows = {
    faults: [
      faultRow(0, random("all"), { phase: "recurring" }),
      faultRow(1, random({ instanceId: "i4" }), clockOf(0, 4)),
      faultRow(2, random({ zone: "zone-1" }), clockOf(0, null)),
      faultRow(3, random({ instanceId: "i4" }), clockOf(3, 4)),
      faultRow(4, crash, { partOf: "f5" }),
      faultRow(5, { kind: "correlated", effect: "crash", zone: "zone-1" }, { partOf: "f0" }),
      faultRow(6, crash, { accountId: "b" }),
      faultRow(7, random({ instanceId: "i4" }), clockOf(77, 4)),
    ],
  };
  const clear = (faultId: string) => refusals(clearFaultRules, { faultId }, rows);

  test("as a whole", () => {
    for (const id of ["f0", "f3", "f5"]) expect(clear(id)).toEqual([]);
  });

  test("if it is one of the account", () => {
    for (const id of ["f9", "f6"]) {
      expect(clear(id)).toEqual([
        `fault-exists | faultId = ${id} | fault ${id} not found, or already ended`,
      ]);
    }
  });

  test("not for one instance or place alone", () => {
    expect(clear("f1")).toEqual([
      "fault-is-whole | faultId = f1 | fault f1 is the part of a random fault for one instance; clear f0",
    ]);
    expect(clear("f2")).toEqual([
      "fault-is-whole | faultId = f2 | fault f2 is the part of a random fault for one place; clear f0",
    ]);
    expect(clear("f4")).toEqual([
      "fault-is-whole | faultId = f4 | fault f4 is the part of a correlated fault for one instance; clear f5",
    ]);
    expect(allowedBy(clearFaultRules, { faultId: "f1" }, rows)).toBe("f0");
    expect(allowedBy(clearFaultRules, { faultId: "f4" }, rows)).toBe("f5");
  });
});

describe("clients are moved", () => {
  const log = (transactionsPerSecond: number) =>
    ({ log: { workload: { transactionsPerSecond } } }) as unknown as Partial<Instance>;
  const rows: Rows = {
    instances: [
      instanceRow(0, log(60_000)),
      instanceRow(1, log(40_000)),
      instanceRow(2, log(40_001)),
      instanceRow(3, log(0)),
      instanceRow(4),
      instanceRow(5, { sourceId: "i0" }),
      foreign,
    ],
  };
  const move = (instanceId: string, toInstanceId: string) =>
    refusals(moveClientsRules, { instanceId, toInstanceId }, rows);

  test("to another instance that takes writes, up to a rate", () => {
    for (const id of ["i1", "i3", "i4"]) expect(move("i0", id)).toEqual([]);
    expect(move("i0", "i2")).toEqual([
      "clients-rate | toInstanceId = i2 | together the clients would write 100001 transactions a second on instance i2",
    ]);
    expect(allowedBy(moveClientsRules, { instanceId: "i0", toInstanceId: "i2" }, rows)).toBe(
      "at most 100000",
    );
  });

  test("not to nowhere, to where they are, or to a replica", () => {
    for (const id of ["i9", "foreign"]) {
      expect(move("i0", id)).toEqual([
        `clients-target-exists | toInstanceId = ${id} | instance ${id} not found`,
      ]);
    }
    expect(move("i1", "i1")).toEqual([
      "clients-move-elsewhere | toInstanceId = i1 | the clients of instance i1 already write there",
    ]);
    expect(move("i0", "i5")).toEqual([
      "clients-target-writable | toInstanceId = i5 | instance i5 is a replica of i0; detach it, then move the clients",
    ]);
  });

  test("not from where there are none", () => {
    for (const id of ["i3", "i4"]) {
      expect(move(id, "i0")).toEqual([
        `has-clients | instanceId = ${id} | no clients write on instance ${id}; set a workload first`,
      ]);
    }
  });
});
