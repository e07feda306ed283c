import {
  groupStates,
  type HaGroupState,
  type InstanceState,
  instanceStates,
  transitionTables,
} from "replication-simulator/lifecycle";
import { describe, expect, test } from "vitest";
import { haGroupStatusKinds, isFormed, mayLackSource } from "../../src/lifecycle/groupStates.js";
import {
  canBePromoted,
  instanceStatusKinds,
  isDown,
  isLeaving,
  isServing,
} from "../../src/lifecycle/instanceStates.js";

/* What the states mean: who serves, who can be promoted, and what pictures show. */

const all = Object.keys(instanceStates) as InstanceState[];
const allOfGroups = Object.keys(groupStates) as HaGroupState[];

const ready: InstanceState[] = [
  "active",
  "backingUp",
  "backingUpBeforeRestart",
  "restartRequired",
  "replicationBroken",
];
const occupied: InstanceState[] = ["detaching", "promoting", "converting"];
const down: InstanceState[] = [
  "backingUpWhileShutdown",
  "backingUpWhileBlocked",
  "replicaDown",
  "blocked",
  "shutdown",
  "error",
  "failed",
];

describe("an instance", () => {
  test("handles the loss of a member only where it is down, since its group asks no others", () => {
    const { states, transitions } = transitionTables().instance;
    const handling = states.filter((state) => transitions[state]["member.lost"] !== undefined);
    expect(handling).not.toEqual([]);
    expect(handling.filter((state) => !isDown(state))).toEqual([]);
  });

  test("serves and can be promoted in exactly these states", () => {
    expect(all.filter(canBePromoted)).toEqual(all.filter((state) => ready.includes(state)));
    expect(all.filter(isServing)).toEqual(
      all.filter((state) => ready.includes(state) || occupied.includes(state)),
    );
  });

  test("is down because of a failure in exactly these states", () => {
    expect(all.filter(isDown)).toEqual(down);
  });

  test("is interrupted by an operation in all others", () => {
    const others = all.filter((state) => ![...ready, ...occupied, ...down].includes(state));
    expect(all.filter((state) => instanceStates[state].service === "interrupted")).toEqual(others);
    expect(all.filter((state) => instanceStates[state].service === "occupied")).toEqual(occupied);
  });

  test("is leaving while it is detached, promoted or deleted", () => {
    expect(all.filter(isLeaving)).toEqual(["detaching", "promoting", "deleting", "deleted"]);
  });

  test("has replication without a fault only at rest", () => {
    expect(all.filter((state) => instanceStates[state].isReplicationHealthy)).toEqual([
      "active",
      "restartRequired",
    ]);
  });

  test.each([
    ["crash", ["backingUpWhileShutdown", "replicaDown", "shutdown", "error"]],
    ["hang", ["backingUpWhileBlocked", "replicaDown", "blocked"]],
    ["loseHost", ["error"]],
  ] as const)("is kept down by a %s in exactly these states", (fault, states) => {
    expect(all.filter((state) => instanceStates[state].downBy.includes(fault))).toEqual(states);
  });

  test("is kept down by no fault in the others, failed ones included", () => {
    expect(all.filter((state) => instanceStates[state].downBy.length > 0)).toEqual(
      down.filter((state) => state !== "failed"),
    );
  });
});

test("a state that does not exist means nothing, as in a file with errors", () => {
  for (const is of [isDown, canBePromoted, isServing, isLeaving]) {
    expect(is("unknown" as InstanceState)).toBe(false);
  }
  for (const is of [isFormed, mayLackSource]) {
    expect(is("unknown" as HaGroupState)).toBe(false);
  }
});

describe("an HA group", () => {
  test("has no source before it is created, and while it is deleted", () => {
    expect(allOfGroups.filter(mayLackSource)).toEqual([
      "creationFailed",
      "deleting",
      "deletionFailed",
    ]);
  });
});

/** The statuses of each kind: a picture has one color for each kind. */
const statuses = [...Object.entries(instanceStatusKinds), ...Object.entries(haGroupStatusKinds)];

test.each([
  ["active", ["ACTIVE"]],
  ["building", ["BUILD", "ADDING_REPLICA"]],
  ["backup", ["BACKUP"]],
  ["waiting", ["RESTART_REQUIRED", "FAILOVER_DISABLED"]],
  ["restarting", ["RESTART", "REBOOT"]],
  ["detaching", ["DETACH_REPLICA", "REMOVING_REPLICA"]],
  ["resizing", ["RESIZE", "RESIZING_VOLUME", "RESIZING_FLAVOR", "UPDATING_PROXY_NODES"]],
  [
    "converting",
    ["CONVERT_TO_HA", "FORCING_FAILOVER", "DISABLING_FAILOVER", "ENABLING_FAILOVER", "HA_FAILOVER"],
  ],
  ["ending", ["DELETION_PENDING", "DELETING", "DELETED"]],
  [
    "broken",
    [
      "REPLICATION_ERROR",
      "BLOCKED",
      "SHUTDOWN",
      "ERROR",
      "FAILED",
      "ADD_REPLICA_FAIL",
      "REMOVE_REPLICA_ERROR",
      "DELETION-ERROR",
      "UPDATE_PROXY_NODES_ERROR",
      "RESIZE_FLAVOR_ERROR",
      "VOLUME_RESIZE_ERROR",
    ],
  ],
] as const)("a picture shows these statuses as %s, for instances and groups alike", (kind, of) => {
  const found = statuses.flatMap(([status, known]) => (known === kind ? [status] : []));
  expect([...new Set(found)]).toEqual(of);
});

test("a status that both instances and groups have is shown alike", () => {
  const shared = Object.entries<string>(instanceStatusKinds).filter(
    ([status]) => status in haGroupStatusKinds,
  );
  expect(haGroupStatusKinds).toMatchObject(Object.fromEntries(shared));
  expect(shared.map(([status]) => status)).toEqual([
    "BUILD",
    "ACTIVE",
    "BACKUP",
    "REBOOT",
    "RESTART_REQUIRED",
    "REPLICATION_ERROR",
    "ERROR",
  ]);
});
