import {
  type Command,
  PermissionDeniedError,
  ReplicationSimulator,
  type Role,
  RuleViolationError,
} from "replication-simulator";
import { type OperationName, operationPolicies, roles } from "replication-simulator/wire";
import { describe, expect, test } from "vitest";
import { positionOf } from "../../src/simulator/serialization.js";

/*
 * The matrix of roles, written a second time and by rows, so that a slip in the table of the code fails.
 */
const observer: readonly OperationName[] = [
  ...(["getInstance", "listInstances", "listReplicas", "getGroup", "listGroups"] as const),
  ...(["listAcls", "getSchedule", "listSchedules", "getBackup", "listBackups"] as const),
  ...(["getConfiguration", "listConfigurations", "listDatabases", "listUsers"] as const),
  ...(["listFailovers", "getReplicationStatus"] as const),
  ...(["listFlavors", "getFlavor", "listDatastores"] as const),
];
const creator: readonly OperationName[] = [
  ...(["createInstance", "createReplica", "renameInstance", "detachReplica"] as const),
  ...(["attachConfiguration", "detachConfiguration", "createConfiguration"] as const),
  ...(["updateConfiguration"] as const),
  ...(["createHaGroup", "addAcl", "addReplica"] as const),
  ...(["attachGroupConfiguration", "detachGroupConfiguration"] as const),
  ...(["createBackup", "createSchedule", "updateSchedule"] as const),
  ...(["createDatabases", "createUsers"] as const),
];

const size = { flavorId: 2, volumeGb: 10 };
const unknown = "00000000-0000-4000-8000-000000000000";

/** One well-formed command of each type; what it names does not exist. */
const commands = {
  createInstance: { type: "createInstance", ...size },
  createReplica: { type: "createReplica", ...size, replicaOf: unknown },
  renameInstance: { type: "renameInstance", instanceId: unknown, name: "a" },
  restartInstance: { type: "restartInstance", instanceId: unknown },
  resizeFlavor: { type: "resizeFlavor", instanceId: unknown, flavorId: 3 },
  resizeVolume: { type: "resizeVolume", instanceId: unknown, volumeGb: 20 },
  deleteInstance: { type: "deleteInstance", instanceId: unknown },
  detachReplica: { type: "detachReplica", instanceId: unknown },
  updateConfiguration: { type: "updateConfiguration", configurationId: unknown, values: {} },
  promoteReplica: { type: "promoteReplica", instanceId: unknown },
  convertToHa: { type: "convertToHa", instanceId: unknown, name: "ha" },
  createHaGroup: { type: "createHaGroup", name: "ha", source: size, replicas: [size] },
  deleteHaGroup: { type: "deleteHaGroup", groupId: unknown },
  addReplica: { type: "addReplica", groupId: unknown, ...size },
  removeReplica: { type: "removeReplica", groupId: unknown, instanceId: unknown },
  restartGroup: { type: "restartGroup", groupId: unknown },
  resizeGroupFlavor: { type: "resizeGroupFlavor", groupId: unknown, flavorId: 3 },
  resizeGroupVolumes: { type: "resizeGroupVolumes", groupId: unknown, volumeGb: 20 },
  attachGroupConfiguration: {
    type: "attachGroupConfiguration",
    groupId: unknown,
    configurationId: unknown,
  },
  detachGroupConfiguration: { type: "detachGroupConfiguration", groupId: unknown },
  addAcl: { type: "addAcl", groupId: unknown, address: "10.0.0.0/8" },
  deleteAcl: { type: "deleteAcl", groupId: unknown, address: "10.0.0.0/8" },
  createSchedule: { type: "createSchedule", ownerId: unknown },
  updateSchedule: { type: "updateSchedule", scheduleId: unknown, hour: 3 },
  deleteSchedule: { type: "deleteSchedule", scheduleId: unknown },
  createBackup: { type: "createBackup", name: "b", ownerId: unknown },
  deleteBackup: { type: "deleteBackup", backupId: unknown },
  createConfiguration: { type: "createConfiguration", name: "c", values: {} },
  deleteConfiguration: { type: "deleteConfiguration", configurationId: unknown },
  attachConfiguration: {
    type: "attachConfiguration",
    instanceId: unknown,
    configurationId: unknown,
  },
  detachConfiguration: { type: "detachConfiguration", instanceId: unknown },
  createDatabases: { type: "createDatabases", instanceId: unknown, databases: [{ name: "d" }] },
  deleteDatabase: { type: "deleteDatabase", instanceId: unknown, name: "d" },
  createUsers: {
    type: "createUsers",
    instanceId: unknown,
    users: [{ name: "u", password: "secret" }],
  },
  deleteUser: { type: "deleteUser", instanceId: unknown, name: "u" },
  forceFailover: { type: "forceFailover", groupId: unknown },
  disableFailover: { type: "disableFailover", groupId: unknown },
  enableFailover: { type: "enableFailover", groupId: unknown },
  updateProxyNodes: { type: "updateProxyNodes", groupId: unknown },
  repairGroup: { type: "repairGroup", groupId: unknown },
  setDataSize: { type: "setDataSize", instanceId: unknown, usedGb: 1 },
  moveClients: { type: "moveClients", instanceId: unknown, toInstanceId: unknown },
  setWorkload: { type: "setWorkload", instanceId: unknown, transactionsPerSecond: 1 },
  failTask: { type: "failTask", task: "build" },
  clearFault: { type: "clearFault", faultId: unknown },
  injectFault: { type: "injectFault", fault: { kind: "crash", instanceId: unknown } },
} as const satisfies { readonly [K in Command["type"]]: Command & { readonly type: K } };

const may = (role: Role, operation: OperationName): boolean =>
  role === "admin" ||
  observer.includes(operation) ||
  (role === "creator" && creator.includes(operation));

describe("the rule role-allows", () => {
  test("the table of operationPolicies says what the matrix of §7 says", () => {
    for (const operation of Object.keys(operationPolicies) as OperationName[]) {
      const least = roles.find((role) => may(role, operation));
      expect([operation, operationPolicies[operation].role]).toEqual([operation, least]);
    }
  });

  test("every operation that reads is a method, and has every role", () => {
    const { ["try"]: methods } = new ReplicationSimulator().account("5678", { role: "observer" });
    const reads = Object.keys(methods).filter(
      (method) => /^(?:get|list)/.test(method) && method !== "listFaults",
    );
    expect(reads.sort()).toEqual([...observer].sort());
    for (const read of observer) {
      const call = methods[read as "getInstance"];
      const outcome = call(
        /^list(?!Acls|Rep|Data|Users|Fail)/.test(read) ? ({} as never) : unknown,
      );
      if (!outcome.ok) expect(outcome.error.code).toBe("itemNotFound");
    }
  });

  const cases = Object.values(commands).flatMap((command: Command) =>
    roles.map((role) => ({
      command,
      role,
      operation: command.type,
      taken: may(role, command.type),
    })),
  );
  test.each(cases)("$operation by a $role: taken is $taken", ({ command, role, taken }) => {
    const sim = new ReplicationSimulator();
    const client = sim.account("5678", { role });
    const before = positionOf(sim.snapshot());
    const [refusal] = client.check(command);
    const outcome = client.try.execute(command);
    if (taken) {
      // The account has no such resource, so only those that need nothing are accepted; the role is not in the way.
      expect(refusal?.rule).not.toBe("role-allows");
      expect(outcome.ok || outcome.error.rule !== "role-allows").toBe(true);
      return;
    }
    if (outcome.ok) throw new Error("it was taken");
    const { error } = outcome;
    expect(error).toBeInstanceOf(PermissionDeniedError);
    expect(error).toBeInstanceOf(RuleViolationError);
    const allowed = roles.filter((other) => may(other, command.type));
    expect(error.toJSON()).toEqual({
      name: "PermissionDeniedError",
      code: "forbidden",
      rule: "role-allows",
      message: `role ${role} may not call ${command.type}; required: ${allowed.join(" or ")}`,
      field: "role",
      value: role,
      allowed,
    });
    expect(client.check(command).map((each) => each.toJSON())).toEqual([error.toJSON()]);
    expect(positionOf(sim.snapshot())).toEqual(before);
  });

  test("the methods themselves check it, too, and the simulator's own methods are an admin's", () => {
    const sim = new ReplicationSimulator();
    const id = sim.createInstance(size).id;
    sim.settle();
    const creates = sim.account(sim.accountId, { role: "creator" });
    const looks = sim.account(sim.accountId, { role: "observer" });
    expect([sim.role, creates.role, looks.role]).toEqual(["admin", "creator", "observer"]);
    expect(looks.getInstance(id)).toEqual(sim.getInstance(id));
    expect(() => looks.renameInstance(id, "a")).toThrow(PermissionDeniedError);
    expect(() => creates.deleteInstance(id)).toThrow(PermissionDeniedError);
    expect(creates.renameInstance(id, "a").name).toBe("a");
    expect(sim.deleteInstance(id).status).toBe("DELETION_PENDING");
  });

  test("it is checked after the shape and before what exists", () => {
    const looks = new ReplicationSimulator().account("5678", { role: "observer" });
    expect(looks.try.renameInstance(unknown, 7 as never)).toMatchObject({
      error: { code: "badRequest" },
    });
    expect(looks.try.renameInstance(unknown, "a")).toMatchObject({ error: { code: "forbidden" } });
  });

  test.each([
    { options: { role: "owner" }, rule: "role-name" },
    { options: { role: null }, rule: "role-name" },
    { options: { rol: "admin" }, rule: "known-field" },
    { options: "admin", rule: "tenant-options" },
  ])("an account client with $options is refused by $rule", ({ options, rule }) => {
    const sim = new ReplicationSimulator();
    expect(() => sim.account("5678", options as never)).toThrow(expect.objectContaining({ rule }));
  });

  test("replay executes what was accepted, for every role", () => {
    const sim = new ReplicationSimulator();
    const creates = sim.account("5678", { role: "creator" });
    creates.createInstance(size);
    creates.try.failTask({ task: "build" });
    sim.settle();
    const again = ReplicationSimulator.replay(sim.journal());
    expect(again.fingerprint()).toBe(sim.fingerprint());
  });
});
