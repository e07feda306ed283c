import {
  type AccountClient,
  type Command,
  ReplicationError,
  ReplicationSimulator,
} from "replication-simulator";
import { ipOf } from "replication-simulator/wire";
import { describe, expect, test } from "vitest";
import { rowsOf } from "../../src/collections/table.js";
import { commandFields } from "../../src/service/commands/commandFields.js";
import { topologyOf } from "../../src/simulator/clientKernel.js";

/* No request of one account reveals anything about another. Properties with drafts of two accounts complement this. */

const size = { flavorId: 2, volumeGb: 10 };

describe("an id of another account gives the same error as an unknown one", () => {
  const absent = "ffffffff-ffff-4fff-bfff-ffffffffffff";
  /** Every id field of every command, each with own things in all other fields, so that it is the one that counts. */
  const fields: Readonly<Record<string, (own: Owned, id: string) => Command>> = {
    "createInstance configurationId": (_, id) => ({
      type: "createInstance",
      ...size,
      configurationId: id,
    }),
    "createInstance restoreFrom": (_, id) => ({
      type: "createInstance",
      ...size,
      restoreFrom: id,
    }),
    "createReplica replicaOf": (_, id) => ({ type: "createReplica", ...size, replicaOf: id }),
    "createReplica configurationId": ({ instance }, id) => ({
      type: "createReplica",
      ...size,
      replicaOf: instance,
      configurationId: id,
    }),
    "createReplica restoreFrom": ({ instance }, id) => ({
      type: "createReplica",
      ...size,
      replicaOf: instance,
      restoreFrom: id,
    }),
    "renameInstance instanceId": (_, id) => ({
      type: "renameInstance",
      instanceId: id,
      name: "a",
    }),
    "restartInstance instanceId": (_, id) => ({ type: "restartInstance", instanceId: id }),
    "resizeFlavor instanceId": (_, id) => ({ type: "resizeFlavor", instanceId: id, flavorId: 3 }),
    "resizeVolume instanceId": (_, id) => ({ type: "resizeVolume", instanceId: id, volumeGb: 20 }),
    "deleteInstance instanceId": (_, id) => ({ type: "deleteInstance", instanceId: id }),
    "detachReplica instanceId": (_, id) => ({ type: "detachReplica", instanceId: id }),
    "promoteReplica instanceId": (_, id) => ({ type: "promoteReplica", instanceId: id }),
    "detachReplica replicaOf": ({ replica }, id) => ({
      type: "detachReplica",
      instanceId: replica,
      replicaOf: id,
    }),
    "convertToHa instanceId": (_, id) => ({ type: "convertToHa", instanceId: id, name: "ha" }),
    "createHaGroup configurationId": (_, id) => ({
      type: "createHaGroup",
      name: "ha",
      source: size,
      replicas: [size],
      configurationId: id,
    }),
    "deleteHaGroup groupId": (_, id) => ({ type: "deleteHaGroup", groupId: id }),
    "addReplica groupId": (_, id) => ({ type: "addReplica", groupId: id, ...size }),
    "removeReplica groupId": ({ member }, id) => ({
      type: "removeReplica",
      groupId: id,
      instanceId: member,
    }),
    "removeReplica instanceId": ({ group }, id) => ({
      type: "removeReplica",
      groupId: group,
      instanceId: id,
    }),
    "restartGroup groupId": (_, id) => ({ type: "restartGroup", groupId: id }),
    "resizeGroupFlavor groupId": (_, id) => ({
      type: "resizeGroupFlavor",
      groupId: id,
      flavorId: 3,
    }),
    "resizeGroupVolumes groupId": (_, id) => ({
      type: "resizeGroupVolumes",
      groupId: id,
      volumeGb: 20,
    }),
    "attachGroupConfiguration groupId": ({ configuration }, id) => ({
      type: "attachGroupConfiguration",
      groupId: id,
      configurationId: configuration,
    }),
    "attachGroupConfiguration configurationId": ({ group }, id) => ({
      type: "attachGroupConfiguration",
      groupId: group,
      configurationId: id,
    }),
    "detachGroupConfiguration groupId": (_, id) => ({
      type: "detachGroupConfiguration",
      groupId: id,
    }),
    "addAcl groupId": (_, id) => ({ type: "addAcl", groupId: id, address: "10.0.0.0/8" }),
    "deleteAcl groupId": (_, id) => ({ type: "deleteAcl", groupId: id, address: "10.0.0.0/8" }),
    "createSchedule ownerId": (_, id) => ({ type: "createSchedule", ownerId: id }),
    "createSchedule ownerId of a group": (_, id) => ({
      type: "createSchedule",
      ownerKind: "ha",
      ownerId: id,
    }),
    "updateSchedule scheduleId": (_, id) => ({ type: "updateSchedule", scheduleId: id, hour: 3 }),
    "deleteSchedule scheduleId": (_, id) => ({ type: "deleteSchedule", scheduleId: id }),
    "createBackup ownerId": (_, id) => ({ type: "createBackup", name: "b", ownerId: id }),
    "createBackup ownerId of a group": (_, id) => ({
      type: "createBackup",
      name: "b",
      ownerKind: "ha",
      ownerId: id,
    }),
    "createBackup parentId": ({ instance }, id) => ({
      type: "createBackup",
      name: "b",
      ownerId: instance,
      parentId: id,
    }),
    "deleteBackup backupId": (_, id) => ({ type: "deleteBackup", backupId: id }),
    "updateConfiguration configurationId": (_, id) => ({
      type: "updateConfiguration",
      configurationId: id,
      values: { max_connections: 7 },
    }),
    "deleteConfiguration configurationId": (_, id) => ({
      type: "deleteConfiguration",
      configurationId: id,
    }),
    "attachConfiguration instanceId": ({ configuration }, id) => ({
      type: "attachConfiguration",
      instanceId: id,
      configurationId: configuration,
    }),
    "attachConfiguration configurationId": ({ instance }, id) => ({
      type: "attachConfiguration",
      instanceId: instance,
      configurationId: id,
    }),
    "detachConfiguration instanceId": (_, id) => ({ type: "detachConfiguration", instanceId: id }),
    "createDatabases instanceId": (_, id) => ({
      type: "createDatabases",
      instanceId: id,
      databases: [{ name: "d" }],
    }),
    "deleteDatabase instanceId": (_, id) => ({
      type: "deleteDatabase",
      instanceId: id,
      name: "d",
    }),
    "createUsers instanceId": (_, id) => ({
      type: "createUsers",
      instanceId: id,
      users: [{ name: "u", password: "secret" }],
    }),
    "deleteUser instanceId": (_, id) => ({ type: "deleteUser", instanceId: id, name: "u" }),
    "moveClients instanceId": ({ instance }, id) => ({
      type: "moveClients",
      instanceId: id,
      toInstanceId: instance,
    }),
    "moveClients toInstanceId": ({ instance }, id) => ({
      type: "moveClients",
      instanceId: instance,
      toInstanceId: id,
    }),
    "setWorkload instanceId": (_, id) => ({
      type: "setWorkload",
      instanceId: id,
      transactionsPerSecond: 1,
    }),
    "forceFailover groupId": (_, id) => ({ type: "forceFailover", groupId: id }),
    "disableFailover groupId": (_, id) => ({ type: "disableFailover", groupId: id }),
    "enableFailover groupId": (_, id) => ({ type: "enableFailover", groupId: id }),
    "updateProxyNodes groupId": (_, id) => ({ type: "updateProxyNodes", groupId: id }),
    "repairGroup groupId": (_, id) => ({ type: "repairGroup", groupId: id }),
    "setDataSize instanceId": (_, id) => ({ type: "setDataSize", instanceId: id, usedGb: 1 }),
  };

  interface Owned {
    readonly instance: string;
    readonly replica: string;
    readonly group: string;
    readonly member: string;
    readonly schedule: string;
    readonly backup: string;
    readonly configuration: string;
  }

  /** Gives an account one of each kind. */
  function furnish(sim: ReplicationSimulator, account: AccountClient): Owned {
    const configuration = account.createConfiguration({ name: "c", values: {} }).id;
    const instance = account.createInstance({ ...size, name: "a" }).id;
    const source = account.createInstance({ ...size, name: "b" }).id;
    const made = { name: "ha", source: size, replicas: [size, size] };
    const group = account.createHaGroup(made).id;
    sim.settle();
    const replica = account.createReplica({ ...size, replicaOf: source }).id;
    sim.settle();
    const schedule = account.createSchedule({ ownerId: instance }).id;
    const backup = account.createBackup({ name: "b", ownerId: instance }).id;
    sim.settle();
    const [member = ""] = account.getGroup(group).replicaIds;
    return { instance, replica, group, member, schedule, backup, configuration };
  }

  function furnished() {
    const sim = new ReplicationSimulator();
    const mine = sim.account("1");
    const own = furnish(sim, mine);
    return { sim, mine, own, foreign: Object.values(furnish(sim, sim.account("2"))) };
  }

  let made: ReturnType<typeof furnished> | undefined;

  /** Two accounts that have everything; nothing here changes them. */
  const accounts = () => (made ??= furnished());

  test("the fields are all that the schema has", () => {
    const named = Object.keys(fields).map((key) => key.split(" ").slice(0, 2).join(" "));
    const ids = Object.entries(commandFields).flatMap(([type, { shape }]) =>
      shape.kind !== "record"
        ? []
        : Object.keys(shape.of)
            // Flavors are shared, and every account numbers its own faults.
            .filter((field) => /(?<!^flavor|^fault)Id$|^replicaOf$|^restoreFrom$/.test(field))
            .map((field) => `${type} ${field}`),
    );
    expect([...new Set(named)].sort()).toEqual(ids.sort());
  });

  test.each(Object.entries(fields))("%s", (_, command) => {
    const { sim, mine, own, foreign } = accounts();
    const before = topologyOf(sim);
    const refusal = (id: string): string => {
      const requested = command(own, id);
      const outcome = mine.try.execute(requested);
      if (outcome.ok) throw new Error(`${JSON.stringify(requested)} was taken`);
      return JSON.stringify([outcome.error, mine.check(requested)]).replaceAll(id, "the id");
    };
    const unknown = refusal(absent);
    for (const id of foreign) expect(refusal(id)).toBe(unknown);
    expect(sim.topology).toBe(before);
  });

  test("in every method that reads", () => {
    const { sim, mine, foreign } = accounts();
    const calls = [
      (id: string) => mine.getInstance(id),
      (id: string) => mine.listReplicas(id),
      (id: string) => mine.listDatabases(id),
      (id: string) => mine.listUsers(id),
      (id: string) => mine.getReplicationStatus(id),
      (id: string) => mine.getGroup(id),
      (id: string) => mine.listAcls(id),
      (id: string) => mine.getSchedule(id),
      (id: string) => mine.getBackup(id),
      (id: string) => mine.getConfiguration(id),
      (id: string) => mine.listBackups({ ownerId: id }),
    ];
    const answer = (call: (id: string) => unknown, id: string): string => {
      try {
        return JSON.stringify(call(id));
      } catch (error) {
        if (error instanceof ReplicationError)
          return JSON.stringify([error, error.message]).replaceAll(id, "the id");
        throw error;
      }
    };
    for (const call of calls) {
      for (const id of foreign) expect(answer(call, id)).toBe(answer(call, absent));
    }
    for (const id of foreign) {
      // A simulator's own methods are those of its own account.
      expect(() => sim.waitFor(id, "ACTIVE")).toThrow(
        expect.objectContaining({ rule: "instance-exists" }),
      );
    }
  });

  test("in every marker: whatever is passed, only own things follow", () => {
    const { mine, foreign } = accounts();
    for (const marker of foreign) {
      for (const { accountId } of mine.listInstances({ marker }).items) expect(accountId).toBe("1");
      for (const { accountId } of mine.listBackups({ marker }).items) expect(accountId).toBe("1");
    }
  });
});

describe("the numbers on a row", () => {
  test("an account client sees the place in its own account, and not how much work there is in the world", () => {
    const sim = new ReplicationSimulator();
    for (let i = 0; i < 5; i++) sim.createInstance(size);
    const client = sim.account("5678");
    const seen = client.createInstance(size);
    const { work } = seen;
    expect([seen.ordinal, seen.accountOrdinal, work?.seq, work?.cause]).toEqual([0, 0, 0, 0]);
    expect(client.getInstance(seen.id)).toEqual(seen);
    expect(Object.isFrozen(seen) && Object.isFrozen(work)).toBe(true);
    const row = [...rowsOf(topologyOf(sim).instances)].at(-1);
    expect([row?.id, row?.ordinal, row?.accountOrdinal]).toEqual([seen.id, 5, 0]);
    expect(work?.dueAt).toBe(row?.work?.dueAt);
    sim.settle();
    const schedule = client.createSchedule({ ownerId: seen.id });
    expect([schedule.ordinal, schedule.seq]).toEqual([0, 0]);
    expect(client.listSchedules().items).toEqual([schedule]);
  });

  test("a fault names what it stands on by its id alone", () => {
    const sim = new ReplicationSimulator();
    sim.createInstance(size);
    const client = sim.account("5678");
    const { id } = client.createInstance(size);
    sim.settle();
    client.inject({ kind: "crash", instanceId: id });
    const [fault] = client.listFaults();
    expect(fault).toMatchObject({
      fault: { instanceId: id },
      targetOrdinal: null,
      cause: 0,
      seq: null,
    });
  });

  test("addresses are those of the account's own network", () => {
    const sim = new ReplicationSimulator();
    const own = ipOf(sim.createInstance(size));
    const other = ipOf(sim.account("5678").createInstance(size));
    for (const ip of [own, other]) expect(ip).toMatch(/^10(\.(1?\d?\d|2[0-4]\d|25[0-5])){3}$/);
    expect(other).not.toBe(own);
    // Neither its id nor what others have decides it.
    const alone = new ReplicationSimulator({ seed: 5 }).account("5678").createInstance(size);
    expect(ipOf(alone)).toBe(other);
  });

  test("the draws of the world's own account are the same as before others had any", () => {
    const first = new ReplicationSimulator({ seed: 42 }).createInstance(size);
    const sim = new ReplicationSimulator({ seed: 42 });
    const other = sim.account("5678").createInstance(size);
    expect(sim.createInstance(size).id).toBe(first.id);
    expect(other.id).not.toBe(first.id);
  });
});
