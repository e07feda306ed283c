import { oneOf, record, union } from "./compositeFields.js";
import { distribution, durationMs } from "./distributions.js";
import type {
  FailTaskInput,
  Fault,
  InjectFaultInput,
  RandomFaultInput,
  RandomTarget,
} from "./faults.js";
import {
  choice,
  flag,
  number,
  optional,
  type RecordFields,
  required,
  text,
  whole,
} from "./fields.js";
import type { TaskKind } from "./statuses.js";
import { lastMoment } from "./time.js";
import { groupId, idField, instanceId, taskKinds } from "./vocabulary.js";

/** A kind of work. */
export const taskField = choice({
  rule: "task-kind",
  source: "§11",
  of: Object.keys(taskKinds) as TaskKind[],
});
const message = optional(text({ rule: "fault-message", source: "§11" }));
const forMs = optional(durationMs);
const onInstance = { instanceId };
const onReplica = { replicaId: required(idField) };

/** What `failTask` takes. */
export const failTaskFields: RecordFields<FailTaskInput> = {
  task: required(taskField),
  of: optional(idField),
  skip: optional(whole({ rule: "fault-count", source: "§11", min: 0, max: 1_000_000 })),
  every: optional(whole({ rule: "fault-count", source: "§11", min: 1, max: 1_000_000 })),
  times: optional(whole({ rule: "fault-count", source: "§11", min: 1, max: 1_000_000 })),
  atPreparation: optional(flag({ rule: "fault-kind", source: "§11 T4" })),
  message,
};

const targetNamed = { rule: "random-target", source: "§11 [inferred]" };
const all = choice<"all">({ ...targetNamed, of: ["all"] });
const byInstance = record<{ readonly instanceId: string }>({ ...targetNamed, of: { instanceId } });
const byGroup = record<{ readonly groupId: string }>({ ...targetNamed, of: { groupId } });
const bySource = record<{ readonly sourceId: string }>({
  ...targetNamed,
  of: { sourceId: required(idField) },
});

const randomTarget = oneOf<RandomTarget>({
  ...targetNamed,
  says: '"all", { instanceId }, { groupId } or { sourceId }',
  of: [all, byInstance, byGroup, bySource],
  form: (value) => {
    if (typeof value === "string") return all;
    if (typeof value !== "object" || value === null) return undefined;
    if ("groupId" in value) return byGroup;
    return "sourceId" in value ? bySource : byInstance;
  },
});

/** A fault that strikes (§11). */
export const faultField = union<Fault>({
  rule: "fault-shape",
  source: "§11 [inferred]",
  of: {
    crash: { ...onInstance, forMs },
    hang: { ...onInstance, forMs },
    recover: onInstance,
    breakReplication: { ...onReplica, forMs },
    repairReplication: onReplica,
    cutLink: { ...onReplica, forMs },
    slowLink: {
      ...onReplica,
      lagMs: optional(durationMs),
      factor: optional(number({ rule: "slow-factor", source: "§11", min: 1, max: 1000 })),
      forMs,
    },
    restoreLink: onReplica,
    failTask: { ...failTaskFields, forMs },
    slowTasks: {
      factor: required(number({ rule: "slow-factor", source: "§11", min: 0, max: 1000 })),
      task: optional(taskField),
      forMs,
    },
    outage: {
      answers: optional(
        choice<"instanceFault" | "serviceUnavailable">({
          rule: "fault-shape",
          source: "§11 [docs]",
          of: ["instanceFault", "serviceUnavailable"],
        }),
      ),
      message,
      forMs,
    },
    random: {
      fault: required(
        choice<RandomFaultInput["fault"]>({
          rule: "fault-shape",
          source: "§11 [inferred]",
          of: ["crash", "hang", "breakReplication", "cutLink"],
        }),
      ),
      of: required(randomTarget),
      every: required(distribution),
      repairedAfter: required(distribution),
      forMs,
    },
  },
});

/** What `injectFault` takes. */
export const injectFaultFields: RecordFields<InjectFaultInput> = {
  fault: required(faultField),
  at: optional(whole({ rule: "fault-at", source: "§11", min: 0, max: lastMoment, unit: "ms" })),
  afterMs: optional(durationMs),
};

/** A fault with its time, as the plan of the options has it. */
export const plannedFault = record<InjectFaultInput>({
  rule: "fault-plan",
  source: "§11 [inferred]",
  of: injectFaultFields,
});
