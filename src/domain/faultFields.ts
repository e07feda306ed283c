import { union } from "./compositeFields.js";
import type { Fault, InjectFaultInput } from "./faults.js";
import { type RecordFields, required } from "./fields.js";
import { idField } from "./vocabulary.js";

const onInstance = { instanceId: required(idField) };
const onReplica = { replicaId: required(idField) };

/** A fault that strikes (§11). */
const fault = union<Fault>({
  rule: "fault-shape",
  source: "§11 [inferred]",
  of: {
    crash: onInstance,
    hang: onInstance,
    recover: onInstance,
    breakReplication: onReplica,
    repairReplication: onReplica,
  },
});

/** What `injectFault` takes. */
export const injectFaultFields: RecordFields<InjectFaultInput> = { fault: required(fault) };
