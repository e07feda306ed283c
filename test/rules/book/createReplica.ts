import { documentedCatalog, type InstanceStatus } from "replication-simulator";
import {
  after,
  converting,
  empty,
  group,
  lone,
  pair,
  small,
  trio,
  withState,
} from "../fixtures.js";
import { configurationExists, configurationFits, knownPlace, labelUnique } from "../shared.js";
import { specify, statusSpec } from "../spec.js";
import {
  backedUp,
  restorePointCompleted,
  restorePointExists,
  restorePointFits,
} from "./backups.js";

const replica = { ...small, replicaOf: "instance-0" } as const;
const fromOneGb = ["2", "3", "4", "5", "6", "7", "8", "9"];
const everyFlavor = ["1", ...fromOneGb];

/** `instance-0` is ACTIVE with another flavor or datastore. */
const sourceWith = (input: object) => () => {
  const sim = empty();
  sim.createInstance({ ...small, ...input });
  sim.settle();
  return sim;
};
const ready: readonly InstanceStatus[] = ["ACTIVE", "RESTART_REQUIRED"];

export const createReplica = specify("createReplica", {
  "source-exists": {
    code: "itemNotFound",
    refuses: [
      {
        when: "no resource has the id",
        world: lone,
        input: { ...replica, replicaOf: "no-such-id" },
        message: "replica source no-such-id not found",
        field: "replicaOf",
        value: "no-such-id",
      },
      {
        when: "another account has it",
        world: () => {
          const sim = empty();
          sim.account("5678").createInstance(small);
          sim.settle();
          return sim;
        },
        input: replica,
        message: "replica source instance-0 not found",
        field: "replicaOf",
        value: "instance-0",
      },
      {
        when: "it has been deleted",
        world: () => {
          const sim = lone();
          sim.deleteInstance("instance-0");
          sim.settle();
          return sim;
        },
        input: replica,
        message: "replica source instance-0 not found",
        field: "replicaOf",
        value: "instance-0",
      },
    ],
    passes: [{ when: "it is the account's own", world: lone, input: replica }],
  },
  "restore-point-exists": restorePointExists((restoreFrom) => ({ ...replica, restoreFrom })),
  "configuration-exists": configurationExists(
    (configurationId) => ({ ...replica, configurationId }),
    lone,
  ),
  "source-outside-ha": {
    code: "forbidden",
    refuses: [
      {
        when: "it is the source of an HA group",
        world: group,
        input: replica,
        message: "instance instance-0 belongs to HA group group-0; use add_replica on the group",
        field: "replicaOf",
        value: "instance-0",
      },
      {
        when: "it is a replica in an HA group",
        world: group,
        input: { ...replica, replicaOf: "instance-1" },
        message: "instance instance-1 belongs to HA group group-0; use add_replica on the group",
        field: "replicaOf",
        value: "instance-1",
      },
    ],
    passes: [
      {
        when: "its conversion has failed",
        world: () => {
          const sim = converting();
          sim.failTask({ task: "convert" });
          sim.settle();
          return sim;
        },
        input: replica,
      },
    ],
  },
  "single-source": {
    code: "forbidden",
    refuses: [
      {
        when: "it is a replica itself",
        world: pair,
        input: { ...replica, replicaOf: "instance-1" },
        message: "instance instance-1 is a replica of instance-0; replicas cannot be chained",
        field: "replicaOf",
        value: "instance-1",
        allowed: "instance-0",
      },
    ],
    passes: [
      { when: "it is a source already", world: pair, input: replica },
      {
        when: "it was a replica and has been detached",
        world: () => {
          const sim = pair();
          sim.detachReplica("instance-1");
          sim.settle();
          return sim;
        },
        input: { ...replica, replicaOf: "instance-1" },
      },
    ],
  },
  "object-storage-access": {
    code: "forbidden",
    refuses: [
      {
        when: "the caller has no access",
        world: () => lone({ policy: { objectStorageAccess: false } }),
        input: replica,
        message: "access to object storage is required, where backups are stored",
        field: "accountId",
        value: "1234",
      },
    ],
    passes: [
      {
        when: "the caller has access",
        world: () => lone({ policy: { objectStorageAccess: true } }),
        input: replica,
      },
    ],
  },
  "no-databases-on-replica": {
    code: "badRequest",
    refuses: [
      {
        when: "a database is given",
        world: lone,
        input: { ...replica, databases: [{ name: "shop" }] },
        message: "databases and users cannot be set on a replica; they come from its source",
        field: "databases",
        value: "shop",
      },
      {
        when: "a user is given",
        world: lone,
        input: { ...replica, databases: [], users: [{ name: "app", password: "one" }] },
        message: "databases and users cannot be set on a replica; they come from its source",
        field: "users",
        value: "app",
      },
    ],
    passes: [
      {
        when: "both lists are empty",
        world: lone,
        input: { ...replica, databases: [], users: [] },
      },
      {
        when: "the policy is to ignore them",
        world: () => lone({ policy: { databasesOnReplica: "ignore" } }),
        input: {
          ...replica,
          databases: [{ name: "shop" }],
          users: [{ name: "app", password: "one" }],
        },
      },
    ],
  },
  "flavor-exists": {
    code: "badRequest",
    refuses: [
      {
        when: "no flavor has the id",
        world: lone,
        input: { ...replica, flavorId: "10" },
        message: "flavor 10 not found",
        field: "flavorId",
        value: "10",
        allowed: everyFlavor,
      },
    ],
    passes: fromOneGb.map((flavorId) => ({
      when: `the flavor is ${flavorId}`,
      world: lone,
      input: { ...replica, flavorId },
    })),
  },
  "known-place": knownPlace((place) => ({ ...replica, ...place }), lone),
  "replication-flavor": {
    code: "badRequest",
    refuses: [
      {
        when: "the replica would have 512 MB",
        world: lone,
        input: { ...replica, flavorId: "1" },
        message: "replication needs a flavor of at least 1024 MB; flavor 1 has 512 MB",
        field: "flavorId",
        value: "1",
        allowed: fromOneGb,
      },
      {
        when: "the source has 512 MB",
        world: sourceWith({ flavorId: "1" }),
        input: replica,
        message: "replication needs a flavor of at least 1024 MB; flavor 1 has 512 MB",
        field: "replicaOf",
        value: "1",
        allowed: fromOneGb,
      },
      {
        when: "an own limit asks for more",
        world: () => lone({ limits: { minReplicationRamMb: 4096 } }),
        input: { ...replica, flavorId: "3" },
        message: "replication needs a flavor of at least 4096 MB; flavor 3 has 2048 MB",
        field: "flavorId",
        value: "3",
        allowed: ["4", "5", "6", "7", "8"],
      },
    ],
    passes: [
      { when: "both have exactly 1 GB", world: lone, input: replica },
      {
        when: "an own limit asks for exactly what both have",
        world: () => lone({ limits: { minReplicationRamMb: 1024 } }),
        input: { ...replica, flavorId: 2 },
      },
      {
        when: "the replica is larger than its source",
        world: lone,
        input: { ...replica, flavorId: "8" },
      },
      {
        when: "the replica is smaller than its source",
        world: sourceWith({ flavorId: "8" }),
        input: replica,
      },
    ],
  },
  "datastore-flavor": {
    code: "badRequest",
    refuses: [
      {
        when: "the source's version is not offered on the replica's flavor",
        world: () =>
          lone({
            catalog: {
              ...documentedCatalog,
              datastores: documentedCatalog.datastores.map((known) => ({
                ...known,
                flavorIds: ["2", "3"],
              })),
            },
          }),
        input: { ...replica, flavorId: "4" },
        message: "datastore mysql 5.6 is not offered on flavor 4",
        field: "flavorId",
        value: "4",
        allowed: ["2", "3"],
      },
    ],
    passes: [
      {
        when: "the source's version is offered on it",
        world: sourceWith({ datastore: { version: "8.0" } }),
        input: { ...replica, flavorId: "9" },
      },
    ],
  },
  "replica-datastore": {
    code: "badRequest",
    refuses: [
      {
        when: "the version differs",
        world: lone,
        input: { ...replica, datastore: { type: "mysql", version: "5.7" } },
        message:
          "replica datastore mysql 5.7 differs from the source's mysql 5.6; omit it, or pass the same",
        field: "datastore",
        value: "mysql 5.7",
        allowed: "mysql 5.6",
      },
      {
        when: "only the version is given, and differs",
        world: lone,
        input: { ...replica, datastore: { version: "5.7" } },
        message:
          "replica datastore mysql 5.7 differs from the source's mysql 5.6; omit it, or pass the same",
        field: "datastore",
        value: "mysql 5.7",
        allowed: "mysql 5.6",
      },
      {
        when: "only the type is given, and differs",
        world: lone,
        input: { ...replica, datastore: { type: "percona" } },
        message:
          "replica datastore percona 5.6 differs from the source's mysql 5.6; omit it, or pass the same",
        field: "datastore",
        value: "percona 5.6",
        allowed: "mysql 5.6",
      },
      {
        when: "the default datastore is given for a source of another kind",
        world: sourceWith({ datastore: { type: "mariadb", version: "10" } }),
        input: { ...replica, datastore: { type: "mysql", version: "5.6" } },
        message:
          "replica datastore mysql 5.6 differs from the source's mariadb 10; omit it, or pass the same",
        field: "datastore",
        value: "mysql 5.6",
        allowed: "mariadb 10",
      },
    ],
    passes: [
      { when: "nothing is said", world: lone, input: replica },
      {
        when: "nothing is said, and the source's is not the default",
        world: sourceWith({ datastore: { type: "mariadb", version: "10" } }),
        input: replica,
      },
      {
        when: "the type is written in other letters",
        world: lone,
        input: { ...replica, datastore: { type: "MySQL", version: "5.6" } },
      },
      { when: "it is empty", world: lone, input: { ...replica, datastore: {} } },
    ],
  },
  "datastore-replicates": {
    code: "badRequest",
    refuses: [
      {
        when: "the source is MySQL 5.1",
        world: sourceWith({ datastore: { version: "5.1" } }),
        input: replica,
        message: "datastore mysql 5.1 does not support replication",
        field: "replicaOf",
        value: "mysql 5.1",
      },
    ],
    passes: documentedCatalog.datastores
      .filter(({ version }) => version !== "5.1")
      .map(({ type, version }) => ({
        when: `the source is ${type} ${version}`,
        world: sourceWith({ datastore: { type, version } }),
        input: replica,
      })),
  },
  "configuration-fits": configurationFits({ ...replica, configurationId: "configuration-0" }, lone),
  "restore-point-fits": restorePointFits((difference) => ({
    ...replica,
    restoreFrom: "backup-0",
    ...difference,
  })),
  "restore-point-of-source": {
    code: "badRequest",
    refuses: [
      {
        when: "it was taken of another instance",
        world: () => after(backedUp(), (sim) => sim.createInstance(small)),
        input: { ...replica, replicaOf: "instance-1", restoreFrom: "backup-0" },
        message: "backup backup-0 is not a backup of the source instance-1",
        field: "restoreFrom",
        value: "backup-0",
      },
      {
        when: "it was taken of a replica of the source",
        world: () =>
          after(pair(), (sim) => sim.createBackup({ name: "full", ownerId: "instance-1" })),
        // The hidden one of the replica was the first.
        input: { ...replica, restoreFrom: "backup-1" },
        message: "backup backup-1 is not a backup of the source instance-0",
        field: "restoreFrom",
        value: "backup-1",
      },
    ],
    passes: [
      {
        when: "it was taken of the source",
        world: backedUp,
        input: { ...replica, restoreFrom: "backup-0" },
      },
    ],
  },
  "label-unique": labelUnique((label) => ({ ...replica, label }), lone),
  "restore-point-completed": restorePointCompleted((restoreFrom) => ({ ...replica, restoreFrom })),
  "source-status": {
    ...statusSpec<"createReplica">({
      world: (state) => withState(lone(), "instance-0", state),
      id: "instance-0",
      input: replica,
      field: "replicaOf",
      doing: "add a replica to",
      takenIn: ready,
      needs: ready,
    }),
    refuses: [
      {
        when: "it restarts because another replica was just added",
        world: () => {
          const sim = lone();
          sim.createReplica(replica);
          return sim;
        },
        input: replica,
        message:
          "cannot add a replica to instance instance-0 in status RESTART; allowed: ACTIVE, RESTART_REQUIRED",
        field: "replicaOf",
        value: "RESTART",
        allowed: ready,
      },
      {
        when: "it is being converted to HA",
        world: converting,
        input: replica,
        message:
          "cannot add a replica to instance instance-0 in status CONVERT_TO_HA; allowed: ACTIVE, RESTART_REQUIRED",
        field: "replicaOf",
        value: "CONVERT_TO_HA",
        allowed: ready,
      },
      ...statusSpec<"createReplica">({
        world: (state) => withState(lone(), "instance-0", state),
        id: "instance-0",
        input: replica,
        field: "replicaOf",
        doing: "add a replica to",
        takenIn: ready,
        needs: ready,
      }).refuses,
    ],
  },
  "replica-limit": {
    code: "overLimit",
    refuses: [
      {
        when: "it has two replicas",
        world: trio,
        input: replica,
        message: "instance instance-0 already has 2 replicas, the maximum",
        field: "replicaOf",
        value: "instance-0",
        allowed: "at most 2 replicas",
      },
      {
        when: "one of its two replicas is still building",
        world: () => {
          const sim = pair();
          sim.createReplica(replica);
          sim.waitFor("instance-0", "ACTIVE");
          return sim;
        },
        input: replica,
        message: "instance instance-0 already has 2 replicas, the maximum",
        field: "replicaOf",
        value: "instance-0",
        allowed: "at most 2 replicas",
      },
      {
        when: "one of its two replicas is being detached",
        world: () => {
          const sim = trio();
          sim.detachReplica("instance-1");
          return sim;
        },
        input: replica,
        message: "instance instance-0 already has 2 replicas, the maximum",
        field: "replicaOf",
        value: "instance-0",
        allowed: "at most 2 replicas",
      },
      {
        when: "one of its two replicas has failed to build",
        world: () => {
          const sim = pair();
          sim.createReplica(replica);
          sim.failTask({ task: "build" });
          sim.settle();
          return sim;
        },
        input: replica,
        message: "instance instance-0 already has 2 replicas, the maximum",
        field: "replicaOf",
        value: "instance-0",
        allowed: "at most 2 replicas",
      },
      {
        when: "an own limit allows fewer",
        world: () => pair({ limits: { maxReplicasPerSource: 1 } }),
        input: replica,
        message: "instance instance-0 already has 1 replica, the maximum",
        field: "replicaOf",
        value: "instance-0",
        allowed: "at most 1 replica",
      },
    ],
    passes: [
      { when: "it has one replica", world: pair, input: replica },
      {
        when: "an own limit allows more",
        world: () => trio({ limits: { maxReplicasPerSource: 3 } }),
        input: replica,
      },
      {
        when: "one of two replicas has been detached",
        world: () => {
          const sim = trio();
          sim.detachReplica("instance-1");
          sim.settle();
          return sim;
        },
        input: replica,
      },
      {
        when: "one of two replicas has been deleted",
        world: () => {
          const sim = trio();
          sim.deleteInstance("instance-2");
          sim.settle();
          return sim;
        },
        input: replica,
      },
    ],
  },
  "instance-quota": {
    code: "overLimit",
    refuses: [
      {
        when: "the account is full",
        world: () => lone({ limits: { maxInstancesPerAccount: 1 } }),
        input: replica,
        message: "the account has 1 instance; its quota is 1",
        field: "accountId",
        value: "1234",
        allowed: "at most 1 instance",
      },
    ],
    passes: [
      {
        when: "the account has room for one more",
        world: () => lone({ limits: { maxInstancesPerAccount: 2 } }),
        input: replica,
      },
    ],
  },
});
