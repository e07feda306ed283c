import { taskKinds } from "../../lifecycle/tasks.js";
import type { InputOf } from "../../model/commandTypes.js";
import { distribution, durationField } from "../../model/distributions.js";
import { placeFields, rackField, zoneField } from "../../model/placementFields.js";
import { oneOf, record, union } from "../../model/schema/compositeFields.js";
import {
  boolean,
  enumOf,
  integer,
  number,
  optional,
  type RecordFields,
  required,
  string,
} from "../../model/schema/fields.js";
import { groupId, idField, instanceId, label } from "../../model/sharedFields.js";
import { maxTime } from "../../model/time.js";
import type { Rack, Zone } from "../placement/placement.model.js";
import {
  correlatedKinds,
  type Fault,
  type FaultScope,
  type Faults,
  type RandomFaultKind,
  type RandomRole,
  type RandomTarget,
  type ReplicationThread,
  randomFaultKinds,
} from "./fault.model.js";

/** A kind of work. */
export const taskField = enumOf({
  rule: "task-kind",
  source: "§11",
  of: taskKinds,
});
const message = optional(string({ rule: "fault-message", source: "§11" }));
const durationMs = optional(durationField);
const onInstance = { instanceId };
const onReplica = { replicaId: required(idField) };

const scope = optional(
  enumOf<FaultScope>({ rule: "fault-shape", source: "§11", of: ["service", "account"] }),
);

/** What `failTask` takes. */
export const failTaskFields: RecordFields<Omit<Faults["failTask"], "durationMs">> = {
  task: required(taskField),
  of: optional(idField),
  scope,
  skip: optional(integer({ rule: "fault-count", source: "§11", min: 0, max: 1_000_000 })),
  every: optional(integer({ rule: "fault-count", source: "§11", min: 1, max: 1_000_000 })),
  times: optional(integer({ rule: "fault-count", source: "§11", min: 1, max: 1_000_000 })),
  atPreparation: optional(boolean({ rule: "fault-kind", source: "§11 T4" })),
  message,
};

const targetNamed = { rule: "random-target", source: "§11 [inferred]" };
/** What an instance is, where random faults are for some only. */
export const randomRole = enumOf<RandomRole>({
  ...targetNamed,
  of: ["source", "replica", "standalone"],
});
const all = enumOf<"all">({ ...targetNamed, of: ["all"] });
const byRole = record<{ readonly role: RandomRole }>({
  ...targetNamed,
  of: { role: required(randomRole) },
});
const byInstance = record<{ readonly instanceId: string }>({ ...targetNamed, of: { instanceId } });
const byGroup = record<{ readonly groupId: string; readonly role?: RandomRole }>({
  ...targetNamed,
  of: { groupId, role: optional(randomRole) },
});
const bySource = record<{ readonly sourceId: string; readonly role?: RandomRole }>({
  ...targetNamed,
  of: { sourceId: required(idField), role: optional(randomRole) },
});

const byZone = record<{ readonly zone: Zone }>({
  ...targetNamed,
  of: { zone: required(zoneField) },
});
const byRack = record<{ readonly rack: Rack }>({
  ...targetNamed,
  of: { rack: required(rackField) },
});
/** Zones or racks, each with a clock of its own. */
export const eachPlace = enumOf<"zone" | "rack">({ ...targetNamed, of: ["zone", "rack"] });
const byEach = record<{ readonly each: "zone" | "rack" }>({
  ...targetNamed,
  of: { each: required(eachPlace) },
});

const randomTarget = oneOf<RandomTarget>({
  ...targetNamed,
  description:
    '"all", { role }, { instanceId }, { groupId } or { sourceId }, the last two perhaps with a role; { zone }, { rack } or { each: "zone" | "rack" }',
  of: [all, byRole, byInstance, byGroup, bySource, byZone, byRack, byEach],
  form: (value) => {
    if (typeof value === "string") return all;
    if (typeof value !== "object" || value === null) return undefined;
    if ("groupId" in value) return byGroup;
    if ("sourceId" in value) return bySource;
    if ("zone" in value) return byZone;
    if ("rack" in value) return byRack;
    if ("each" in value) return byEach;
    return "role" in value && !("instanceId" in value) ? byRole : byInstance;
  },
});

const randomKind = enumOf<RandomFaultKind>({
  rule: "fault-shape",
  source: "§11 [inferred]",
  of: randomFaultKinds,
});

/** A fault that strikes (§11). */
export const faultField = union<Fault>({
  rule: "fault-shape",
  source: "§11 [inferred]",
  of: {
    crash: { ...onInstance, durationMs },
    hang: { ...onInstance, durationMs },
    loseHost: onInstance,
    recover: onInstance,
    breakReplication: {
      ...onReplica,
      thread: optional(
        enumOf<ReplicationThread>({
          rule: "replication-thread",
          source: "T19 [inferred]",
          of: ["receiving", "applying"],
        }),
      ),
      durationMs,
    },
    repairReplication: onReplica,
    cutLink: { ...onReplica, durationMs },
    slowLink: {
      ...onReplica,
      lagMs: optional(durationField),
      factor: optional(number({ rule: "slow-factor", source: "§11", min: 1, max: 1000 })),
      durationMs,
    },
    restoreLink: onReplica,
    partition: {
      ...onInstance,
      name: optional(string({ rule: "partition-name", source: "§11 [inferred]" })),
      durationMs,
    },
    healPartition: onInstance,
    correlated: {
      effect: required(
        enumOf<Faults["correlated"]["effect"]>({
          rule: "fault-shape",
          source: "§11 [inferred]",
          of: correlatedKinds,
        }),
      ),
      ...placeFields,
      durationMs,
    },
    failTask: { ...failTaskFields, durationMs },
    slowTasks: {
      factor: required(number({ rule: "slow-factor", source: "§11", min: 0, max: 1000 })),
      task: optional(taskField),
      scope,
      durationMs,
    },
    loseAnswers: {
      times: optional(integer({ rule: "fault-count", source: "§11", min: 1, max: 1_000_000 })),
      durationMs,
    },
    outage: {
      respondWith: optional(
        enumOf<"instanceFault" | "serviceUnavailable">({
          rule: "fault-shape",
          source: "§11 [docs]",
          of: ["instanceFault", "serviceUnavailable"],
        }),
      ),
      message,
      durationMs,
    },
    random: {
      fault: required(randomKind),
      target: required(randomTarget),
      timeToFailure: required(distribution),
      timeToRepair: required(distribution),
      durationMs,
    },
    randomAmong: {
      fault: required(randomKind),
      target: required(randomTarget),
      timeBetweenFailures: required(distribution),
      timeToRepair: required(distribution),
      durationMs,
    },
  },
  renamed: {
    random: { of: "target", every: "timeToFailure", repairedAfter: "timeToRepair" },
    randomAmong: { of: "target", every: "timeBetweenFailures", repairedAfter: "timeToRepair" },
  },
});

/** What `injectFault` takes. */
export const injectFaultFields: RecordFields<InputOf<"injectFault">> = {
  fault: required(faultField),
  at: optional(integer({ rule: "fault-at", source: "§11", min: 0, max: maxTime, unit: "ms" })),
  afterMs: optional(durationField),
  label: optional(label),
};

/** A fault with its time, as the plan of the options has it. */
export const plannedFault = record<InputOf<"injectFault">>({
  rule: "fault-plan",
  source: "§11 [inferred]",
  of: injectFaultFields,
});
