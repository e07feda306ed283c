import type { CommandType, InputOf, InstanceStatus } from "replication-simulator";
import { after, empty, small, withState } from "../fixtures.js";
import { instanceExists } from "../shared.js";
import { type RuleSpec, specify, statusSpec } from "../spec.js";

const one = { instanceId: "instance-0" } as const;
const ready: readonly InstanceStatus[] = ["ACTIVE", "RESTART_REQUIRED"];

/** `instance-0` has the database `shop`, and the user `app`, who may use it from anywhere. */
const furnished = () => {
  const sim = empty();
  sim.createInstance({
    ...small,
    databases: [{ name: "shop" }],
    users: [{ name: "app", password: "one", databases: ["shop"] }],
  });
  sim.settle();
  return sim;
};

function notReadReplica<K extends CommandType>(
  input: (instanceId: string) => InputOf<K>,
): RuleSpec<K> {
  const set = () =>
    after(furnished(), (sim) => sim.createReplica({ ...small, replicaOf: "instance-0" }));
  return {
    code: "forbidden",
    refuses: [
      {
        when: "it is a replica",
        world: set,
        input: input("instance-1"),
        message:
          "instance instance-1 is a read replica of instance-0; make the change at the source",
        field: "instanceId",
        value: "instance-1",
      },
      {
        when: "it is a replica in an HA group",
        world: () => after(set(), (sim) => sim.convertToHa("instance-0", { name: "orders" })),
        input: input("instance-1"),
        message:
          "instance instance-1 is a read replica of instance-0; make the change at the source",
        field: "instanceId",
        value: "instance-1",
      },
    ],
    passes: [
      { when: "it is a plain source", world: set, input: input("instance-0") },
      {
        when: "it is the source of an HA group",
        world: () => after(set(), (sim) => sim.convertToHa("instance-0", { name: "orders" })),
        input: input("instance-0"),
      },
      {
        when: "it was a replica and has been detached",
        world: () => after(set(), (sim) => sim.detachReplica("instance-1")),
        input: input("instance-1"),
      },
    ],
  };
}

function writeStatus<K extends CommandType>(input: InputOf<K>): RuleSpec<K> {
  return statusSpec<K>({
    world: (state) => withState(furnished(), "instance-0", state),
    id: "instance-0",
    input,
    doing: "change the databases or users of",
    takenIn: ready,
    needs: ready,
  });
}

const log = [{ name: "log" }];

export const createDatabases = specify("createDatabases", {
  "instance-exists": instanceExists((instanceId) => ({ instanceId, databases: log })),
  "not-read-replica": notReadReplica((instanceId) => ({ instanceId, databases: log })),
  "unique-databases": {
    code: "badRequest",
    refuses: [
      {
        when: "one name is listed twice",
        world: furnished,
        input: { ...one, databases: [{ name: "log" }, { name: "a" }, { name: "log" }] },
        message: "database log is listed twice",
        field: "databases",
        value: "log",
      },
    ],
    passes: [
      {
        when: "all names differ, one by a capital letter",
        world: furnished,
        input: { ...one, databases: [{ name: "log" }, { name: "Log" }] },
      },
    ],
  },
  "database-name-available": {
    code: "badRequest",
    refuses: [
      {
        when: "the instance has one of them",
        world: furnished,
        input: { ...one, databases: [{ name: "log" }, { name: "shop" }] },
        message: "instance instance-0 already has a database shop",
        field: "databases",
        value: "shop",
      },
    ],
    passes: [
      {
        when: "the one that it had is deleted",
        world: () => after(furnished(), (sim) => sim.deleteDatabase("instance-0", "shop")),
        input: { ...one, databases: [{ name: "shop" }] },
      },
    ],
  },
  "write-status": writeStatus({ ...one, databases: log }),
});

export const deleteDatabase = specify("deleteDatabase", {
  "instance-exists": instanceExists((instanceId) => ({ instanceId, name: "shop" }), furnished),
  "database-exists": {
    code: "itemNotFound",
    refuses: [
      {
        when: "the instance has no such database",
        world: furnished,
        input: { ...one, name: "log" },
        message: "database log not found in instance instance-0",
        field: "name",
        value: "log",
      },
      {
        when: "it has been deleted",
        world: () => after(furnished(), (sim) => sim.deleteDatabase("instance-0", "shop")),
        input: { ...one, name: "shop" },
        message: "database shop not found in instance instance-0",
        field: "name",
        value: "shop",
      },
    ],
    passes: [{ when: "the instance has it", world: furnished, input: { ...one, name: "shop" } }],
  },
  "not-read-replica": notReadReplica((instanceId) => ({ instanceId, name: "shop" })),
  "write-status": writeStatus({ ...one, name: "shop" }),
});

const audit = [{ name: "audit", password: "two" }];

export const createUsers = specify("createUsers", {
  "instance-exists": instanceExists((instanceId) => ({ instanceId, users: audit })),
  "not-read-replica": notReadReplica((instanceId) => ({ instanceId, users: audit })),
  "unique-users": {
    code: "badRequest",
    refuses: [
      {
        when: "one name is listed twice, once with the default host",
        world: furnished,
        input: { ...one, users: [...audit, { name: "audit", password: "x", host: "%" }] },
        message: "user audit@% is listed twice",
        field: "users",
        value: "audit@%",
      },
    ],
    passes: [
      {
        when: "one name is used from two hosts",
        world: furnished,
        input: { ...one, users: [...audit, { name: "audit", password: "x", host: "10.0.0.9" }] },
      },
    ],
  },
  "user-name-available": {
    code: "badRequest",
    refuses: [
      {
        when: "the instance has the user",
        world: furnished,
        input: { ...one, users: [...audit, { name: "app", password: "x" }] },
        message: "instance instance-0 already has a user app@%",
        field: "users",
        value: "app",
      },
    ],
    passes: [
      {
        when: "the instance has a user of this name from another host",
        world: furnished,
        input: { ...one, users: [{ name: "app", password: "x", host: "10.0.0.9" }] },
      },
    ],
  },
  "write-status": writeStatus({ ...one, users: audit }),
});

export const deleteUser = specify("deleteUser", {
  "instance-exists": instanceExists((instanceId) => ({ instanceId, name: "app" }), furnished),
  "user-exists": {
    code: "itemNotFound",
    refuses: [
      {
        when: "the instance has no such user",
        world: furnished,
        input: { ...one, name: "audit" },
        message: "user audit@% not found in instance instance-0",
        field: "name",
        value: "audit",
      },
      {
        when: "the instance has a user of this name from another host only",
        world: furnished,
        input: { ...one, name: "app", host: "10.0.0.9" },
        message: "user app@10.0.0.9 not found in instance instance-0",
        field: "name",
        value: "app",
      },
    ],
    passes: [
      { when: "no host is said", world: furnished, input: { ...one, name: "app" } },
      { when: "the host is said", world: furnished, input: { ...one, name: "app", host: "%" } },
    ],
  },
  "not-read-replica": notReadReplica((instanceId) => ({ instanceId, name: "app" })),
  "write-status": writeStatus({ ...one, name: "app" }),
});
