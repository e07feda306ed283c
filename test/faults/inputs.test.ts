import { describe, expect, test } from "vitest";
import type { InputIssue } from "../../src/model/errors.js";
import { documentedLimits } from "../../src/model/limits.js";
import type { Field } from "../../src/model/schema/fields.js";
import { faultField, plannedFault } from "../../src/service/faults/faultFields.js";

/*
 * What each kind of fault requires and accepts, and how a refusal names the field and its rule.
 */

/** Parses a value; returns it, or the field, the rule and the expectation of each issue. */
function parsed(field: Field<unknown>, value: unknown): unknown {
  const issues: InputIssue[] = [];
  const read = field.read(value, "fault", { limits: documentedLimits, issues });
  return issues.length === 0
    ? read
    : issues.map((one) => `${one.field} [${one.rule}] ${one.expected}`);
}

const fault = (value: unknown) => parsed(faultField, value);
const required = "a resource id (string)";
const random = { fault: "crash", timeToFailure: 1, timeToRepair: 1 };
const among = { fault: "crash", timeBetweenFailures: 1, timeToRepair: 1 };

describe("a fault is accepted", () => {
  const accepted: readonly object[] = [
    { kind: "crash", instanceId: "i" },
    { kind: "crash", instanceId: "i", durationMs: 5 },
    { kind: "hang", instanceId: "i", durationMs: 0 },
    { kind: "loseHost", instanceId: "i" },
    { kind: "recover", instanceId: "i" },
    { kind: "breakReplication", replicaId: "i" },
    { kind: "breakReplication", replicaId: "i", thread: "receiving", durationMs: 5 },
    { kind: "breakReplication", replicaId: "i", thread: "applying" },
    { kind: "repairReplication", replicaId: "i" },
    { kind: "cutLink", replicaId: "i", durationMs: 5 },
    { kind: "slowLink", replicaId: "i", lagMs: 5, factor: 1, durationMs: 5 },
    { kind: "slowLink", replicaId: "i", factor: 1000 },
    { kind: "restoreLink", replicaId: "i" },
    { kind: "partition", instanceId: "i", name: "p", durationMs: 5 },
    { kind: "healPartition", instanceId: "i" },
    { kind: "correlated", effect: "crash", zone: "zone-1", rack: "rack-1", durationMs: 5 },
    { kind: "correlated", effect: "hang", rack: "rack-1" },
    { kind: "correlated", effect: "partition", zone: "zone-1" },
    {
      kind: "failTask",
      task: "build",
      of: "i",
      scope: "account",
      skip: 0,
      every: 1,
      times: 1_000_000,
      atPreparation: true,
      message: "m",
      durationMs: 5,
    },
    { kind: "failTask", task: "build", scope: "service" },
    { kind: "slowTasks", factor: 0, task: "build", scope: "account", durationMs: 5 },
    { kind: "slowTasks", factor: 1000 },
    { kind: "loseAnswers", times: 1, durationMs: 5 },
    { kind: "loseAnswers" },
    { kind: "outage", respondWith: "instanceFault", message: "m", durationMs: 5 },
    { kind: "outage", respondWith: "serviceUnavailable" },
    ...["crash", "hang", "breakReplication", "cutLink", "partition"].map((kind) => ({
      kind: "random",
      ...random,
      fault: kind,
      target: "all",
    })),
    { kind: "randomAmong", ...among, target: "all", durationMs: 5 },
  ];

  test.each(accepted)("as it is: %j", (value) => {
    expect(fault(value)).toEqual(value);
  });

  const targets: readonly unknown[] = [
    "all",
    { role: "source" },
    { role: "replica" },
    { role: "standalone" },
    { instanceId: "i" },
    { groupId: "g" },
    { groupId: "g", role: "source" },
    { sourceId: "s" },
    { sourceId: "s", role: "replica" },
    { zone: "zone-1" },
    { rack: "rack-1" },
    { each: "zone" },
    { each: "rack" },
  ];

  test.each(targets)("for a random target: %j", (target) => {
    for (const value of [
      { kind: "random", ...random, target },
      { kind: "randomAmong", ...among, target },
    ]) {
      expect(fault(value)).toEqual(value);
    }
  });
});

describe("a fault is refused", () => {
  const onInstance = ["crash", "hang", "loseHost", "recover", "partition", "healPartition"];
  const onReplica = ["breakReplication", "repairReplication", "cutLink", "slowLink", "restoreLink"];

  test.each(onInstance)("without the instance that it strikes: %s", (kind) => {
    expect(fault({ kind })).toEqual([`fault.instanceId [id-text] ${required}`]);
  });

  test.each(onReplica)("without the replica that it strikes: %s", (kind) => {
    expect(fault({ kind })).toEqual([`fault.replicaId [id-text] ${required}`]);
  });

  const kindsWithoutDuration = ["loseHost", "recover", "healPartition"];
  test.each(kindsWithoutDuration)("with a duration where it has none: %s", (kind) => {
    expect(fault({ kind, instanceId: "i", durationMs: 1 })).toEqual([
      "fault.durationMs [known-field] one of kind, instanceId",
    ]);
  });

  const shape = "[fault-shape]";
  const count = "[fault-count] an integer from 1 to 1000000";
  const cases: readonly (readonly [object, readonly string[]])[] = [
    [
      { kind: "breakReplication", replicaId: "i", thread: "both" },
      ["fault.thread [replication-thread] one of receiving, applying"],
    ],
    [
      { kind: "slowLink", replicaId: "i", factor: 0.9 },
      ["fault.factor [slow-factor] a number from 1 to 1000"],
    ],
    [
      { kind: "slowLink", replicaId: "i", factor: 1001 },
      ["fault.factor [slow-factor] a number from 1 to 1000"],
    ],
    [
      { kind: "partition", instanceId: "i", name: 1 },
      ["fault.name [partition-name] a string of 1 to 1024 characters"],
    ],
    [
      { kind: "correlated", zone: "zone-1" },
      [`fault.effect ${shape} one of crash, hang, partition`],
    ],
    [
      { kind: "correlated", effect: "cutLink" },
      [`fault.effect ${shape} one of crash, hang, partition`],
    ],
    [{ kind: "slowTasks", factor: -1 }, ["fault.factor [slow-factor] a number from 0 to 1000"]],
    [{ kind: "slowTasks" }, ["fault.factor [slow-factor] a number from 0 to 1000"]],
    [
      { kind: "slowTasks", factor: 1001, scope: "all" },
      [
        "fault.factor [slow-factor] a number from 0 to 1000",
        `fault.scope ${shape} one of service, account`,
      ],
    ],
    [{ kind: "loseAnswers", times: 0 }, [`fault.times ${count}`]],
    [
      { kind: "failTask", task: "build", times: 0, every: 0 },
      [`fault.every ${count}`, `fault.times ${count}`],
    ],
    [
      { kind: "outage", respondWith: "itemNotFound" },
      [`fault.respondWith ${shape} one of instanceFault, serviceUnavailable`],
    ],
    [
      { kind: "random", ...random, fault: "loseHost", target: "all" },
      [`fault.fault ${shape} one of crash, hang, breakReplication, cutLink, partition`],
    ],
    [
      { kind: "random", fault: "crash", of: "all", every: 1, repairedAfter: 1 },
      [
        "fault.target [random-target] TARGET",
        "fault.timeToFailure [distribution] DISTRIBUTION",
        "fault.timeToRepair [distribution] DISTRIBUTION",
        "fault.of [known-field] called target now",
        "fault.every [known-field] called timeToFailure now",
        "fault.repairedAfter [known-field] called timeToRepair now",
      ],
    ],
    [
      { kind: "randomAmong", fault: "crash", of: "all", every: 1, repairedAfter: 1 },
      [
        "fault.target [random-target] TARGET",
        "fault.timeBetweenFailures [distribution] DISTRIBUTION",
        "fault.timeToRepair [distribution] DISTRIBUTION",
        "fault.of [known-field] called target now",
        "fault.every [known-field] called timeBetweenFailures now",
        "fault.repairedAfter [known-field] called timeToRepair now",
      ],
    ],
  ];

  test.each(cases)("with its field and rule: %j", (value, expected) => {
    const issues = fault(value) as readonly string[];
    const shortened = issues.map((issue) =>
      issue
        .replace(/(\[distribution\]) .*/, "$1 DISTRIBUTION")
        .replace(/(\[random-target\]) "all", .*/, "$1 TARGET"),
    );
    expect(shortened).toEqual(expected);
  });

  const role = "one of source, replica, standalone";
  const target =
    '"all", { role }, { instanceId }, { groupId } or { sourceId }, the last two perhaps with a role; { zone }, { rack } or { each: "zone" | "rack" }';
  const targets: readonly (readonly [unknown, string])[] = [
    ["some", ` [random-target] one of all`],
    ["", ` [random-target] one of all`],
    [null, ` [random-target] ${target}`],
    [7, ` [random-target] ${target}`],
    [undefined, ` [random-target] ${target}`],
    [{ role: "member" }, `.role [random-target] ${role}`],
    [{ instanceId: 7 }, `.instanceId [id-text] ${required}`],
    [{}, `.instanceId [id-text] ${required}`],
    [{ instanceId: "i", role: "source" }, ".role [known-field] one of instanceId"],
    [{ groupId: 7 }, `.groupId [id-text] ${required}`],
    [{ groupId: "g", role: "member" }, `.role [random-target] ${role}`],
    [{ groupId: "g", sourceId: "s" }, ".sourceId [known-field] one of groupId, role"],
    [{ sourceId: 7 }, `.sourceId [id-text] ${required}`],
    [{ zone: "zone-0" }, ".zone [known-zone] a zone such as zone-1"],
    [{ zone: "zone-1", rack: "rack-1" }, ".rack [known-field] one of zone"],
    [{ rack: "rack-0" }, ".rack [known-rack] a rack such as rack-1"],
    [{ each: "region" }, ".each [random-target] one of zone, rack"],
    [{ each: "" }, ".each [random-target] one of zone, rack"],
  ];

  test.each(targets)("for a random target, as the form that it has: %j", (value, expected) => {
    expect(fault({ kind: "random", ...random, target: value })).toEqual([
      `fault.target${expected}`,
    ]);
  });
});

test("a planned fault is refused as a whole if it is no object", () => {
  const planned = (value: unknown) => parsed(plannedFault, value);
  expect(planned(7)).toEqual(["fault [fault-plan] an object with fault, at, afterMs, label"]);
  const value = { fault: { kind: "crash", instanceId: "i" }, at: 0, label: "x" };
  expect(planned(value)).toEqual(value);
  expect(planned({ ...value, at: -1 })).toEqual([
    expect.stringMatching(/^fault\.at \[fault-at\] /),
  ]);
});
