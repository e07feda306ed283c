import { oneOf, record } from "./compositeFields.js";
import type { FaultScope, Faults, RandomRole, RandomTarget } from "./faults.js";
import {
  boolean,
  enumOf,
  integer,
  optional,
  type RecordFields,
  required,
  string,
} from "./fields.js";
import { groupId, idField, instanceId } from "./sharedFields.js";
import { taskKinds } from "./statuses.js";

/** A kind of work. */
export const taskField = enumOf({
  rule: "task-kind",
  source: "§11",
  of: taskKinds,
});
const message = optional(string({ rule: "fault-message", source: "§11" }));

/** Tasks of all accounts, or of one. */
export const scope = optional(
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
/** The role of an instance in replication. */
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

/** The instances that random failures can strike. */
export const randomTarget = oneOf<RandomTarget>({
  ...targetNamed,
  says: '"all", { role }, { instanceId }, { groupId } or { sourceId }, the last two perhaps with a role',
  of: [all, byRole, byInstance, byGroup, bySource],
  form: (value) => {
    if (typeof value === "string") return all;
    if (typeof value !== "object" || value === null) return undefined;
    if ("groupId" in value) return byGroup;
    if ("sourceId" in value) return bySource;
    return "role" in value && !("instanceId" in value) ? byRole : byInstance;
  },
});
