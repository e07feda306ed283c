import { after, group, largeGroup, withGroupState, withState } from "../fixtures.js";
import { groupExists, groupStatus } from "../shared.js";
import { specify } from "../spec.js";

const one = { groupId: "group-0" } as const;

export const forceFailover = specify("forceFailover", {
  "group-exists": groupExists((groupId) => ({ groupId })),
  "group-status": groupStatus<"forceFailover">({
    world: (state) => withGroupState(group(), "group-0", state),
    input: one,
    doing: "force a failover of",
    takenIn: ["active"],
  }),
  "failover-candidate": {
    code: "unprocessableEntity",
    refuses: [
      {
        when: "the source is alone, as the replacement could not be built",
        world: () =>
          after(
            group(),
            (sim) => {
              sim.failTask({ task: "build" });
              sim.inject({ kind: "crash", instanceId: "instance-0" });
            },
            (sim) => sim.repairGroup("group-0"),
          ),
        input: one,
        message: "HA group group-0 has no running replica to promote; recover one first",
        field: "groupId",
        value: "group-0",
      },
      {
        when: "the only replica is down",
        world: () => withState(group(), "instance-1", "shutdown"),
        input: one,
        message: "HA group group-0 has no running replica to promote; recover one first",
        field: "groupId",
        value: "group-0",
      },
    ],
    passes: [
      { when: "the only replica is ACTIVE", world: group, input: one },
      {
        when: "the only replica lags behind a link that is broken",
        world: () => withState(group(), "instance-1", "replicationBroken"),
        input: one,
      },
      {
        when: "one of two replicas is down",
        world: () => withState(largeGroup(), "instance-1", "shutdown"),
        input: one,
      },
    ],
  },
});

export const disableFailover = specify("disableFailover", {
  "group-exists": groupExists((groupId) => ({ groupId })),
  "group-status": groupStatus<"disableFailover">({
    world: (state) => withGroupState(group(), "group-0", state),
    input: one,
    doing: "disable failover of",
    takenIn: ["active"],
  }),
});

export const enableFailover = specify("enableFailover", {
  "group-exists": groupExists(
    (groupId) => ({ groupId }),
    () => withGroupState(group(), "group-0", "failoverDisabled"),
  ),
  "group-status": groupStatus<"enableFailover">({
    world: (state) => withGroupState(group(), "group-0", state),
    input: one,
    doing: "enable failover of",
    takenIn: ["failoverDisabled"],
  }),
});

export const updateProxyNodes = specify("updateProxyNodes", {
  "group-exists": groupExists((groupId) => ({ groupId })),
  "group-status": groupStatus<"updateProxyNodes">({
    world: (state) => withGroupState(group(), "group-0", state),
    input: one,
    doing: "update the proxies of",
    takenIn: ["active"],
  }),
});

export const repairGroup = specify("repairGroup", {
  "group-exists": groupExists(
    (groupId) => ({ groupId }),
    () => withGroupState(group(), "group-0", "error"),
  ),
  "group-status": groupStatus<"repairGroup">({
    world: (state) => withGroupState(group(), "group-0", state),
    input: one,
    doing: "repair",
    takenIn: [
      "replicationBroken",
      "error",
      "addReplicaFailed",
      "removeReplicaFailed",
      "volumeResizeFailed",
      "flavorResizeFailed",
      "proxyNodesFailed",
    ],
  }),
});
