import type { TaskKind } from "../../lifecycle/tasks.js";
import {
  configurationId,
  conversion,
  dayMs,
  execute,
  groupId,
  newest,
  set,
  size,
  wide,
} from "./fragmentParts.js";
import type { StepDraft, StepDrafts } from "./stepDrafts.js";

/** Ways to a group; the last one is still in progress. */
export const groups: readonly StepDrafts[] = [
  [...set, conversion, "settle"],
  [
    execute({ type: "createHaGroup", name: "ha", source: size, replicas: [size, size] }),
    { advance: 60_000 },
    "settle",
  ],
  [
    execute({ type: "createHaGroup", name: "ha", source: size, replicas: [size] }),
    execute({ type: "addAcl", groupId: newest("group"), address: "10.0.0.0/8" }),
  ],
];

/** The oldest member is the source, until a failover. */
const first = { the: "member", nth: 1 } as const;
const writes = execute({ type: "setWorkload", instanceId: first, transactionsPerSecond: 100 });
const loss: StepDrafts = [
  "settle",
  writes,
  { advance: 5_000 },
  execute({ type: "injectFault", fault: { kind: "crash", instanceId: first } }),
];

/** Operations on a group and faults of it, successful or not. */
export const groupWork: readonly StepDrafts[] = [
  ...wellOrNot("build", execute({ type: "addReplica", groupId, ...size })),
  ...wellOrNot("detach", execute({ type: "removeReplica", groupId, instanceId: newest("member") })),
  // A replica that leaves cannot be deleted before it has left.
  [
    execute({ type: "removeReplica", groupId, instanceId: newest("replica") }),
    execute({ type: "deleteInstance", instanceId: newest("replica") }),
  ],
  ...wellOrNot("reboot", execute({ type: "restartGroup", groupId })),
  ...wellOrNot("resizeFlavor", execute({ type: "resizeGroupFlavor", groupId, flavorId: "3" })),
  ...wellOrNot("resizeVolume", execute({ type: "resizeGroupVolumes", groupId, volumeGb: 20 })),
  ...wellOrNot("delete", execute({ type: "deleteHaGroup", groupId })),
  ...wellOrNot(
    "runBackup",
    execute({ type: "createBackup", name: "nightly", ownerKind: "ha", ownerId: groupId }),
  ),
  ...wellOrNot("updateProxyNodes", execute({ type: "updateProxyNodes", groupId })),
  ...wellOrNot("forceFailover", execute({ type: "forceFailover", groupId })),
  [
    execute({ type: "disableFailover", groupId }),
    { advance: 2_000 },
    execute({ type: "injectFault", fault: { kind: "crash", instanceId: newest("replica") } }),
    execute({ type: "enableFailover", groupId }),
    "settle",
    execute({ type: "forceFailover", groupId }),
    execute({ type: "repairGroup", groupId }),
  ],
  // No replica is promoted.
  [
    execute({ type: "failTask", task: "failover" }),
    execute({ type: "injectFault", fault: { kind: "crash", instanceId: newest("source") } }),
    "settle",
  ],
  [...loss, { advance: 9_000 }, { advance: 11_000 }, "settle"],
  ["settle", writes, { advance: 5_000 }, execute({ type: "forceFailover", groupId }), "settle"],
  [
    "settle",
    writes,
    execute({ type: "injectFault", fault: { kind: "hang", instanceId: newest("member") } }),
    { advance: 60_000 },
    execute({ type: "injectFault", fault: { kind: "recover", instanceId: newest("member") } }),
    { advance: 60_000 },
  ],
  [
    ...loss,
    execute({ type: "injectFault", fault: { kind: "hang", instanceId: newest("member") } }),
    "settle",
    execute({ type: "injectFault", fault: { kind: "recover", instanceId: newest("member") } }),
    "settle",
  ],
  [
    execute({ type: "failTask", task: "build" }),
    ...loss,
    "settle",
    execute({ type: "repairGroup", groupId }),
    execute({ type: "forceFailover", groupId }),
    execute({ type: "addReplica", groupId, ...size }),
    "settle",
  ],
  [
    execute(wide),
    execute({ type: "attachGroupConfiguration", groupId, configurationId }),
    execute({ type: "restartGroup", groupId }),
    "settle",
  ],
  [
    execute({ type: "addAcl", groupId, address: "10.0.0.0/8" }),
    execute({ type: "deleteAcl", groupId, address: "10.0.0.0/8" }),
  ],
  [
    execute({ type: "createSchedule", ownerKind: "ha", ownerId: groupId }),
    { advance: dayMs },
    { advance: dayMs },
  ],
];

function wellOrNot(task: TaskKind, step: StepDraft): readonly StepDrafts[] {
  return [
    [step, { advance: 10_000 }, "settle"],
    [execute({ type: "failTask", task }), step, "settle"],
  ];
}
