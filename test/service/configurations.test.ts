import { expectRefused } from "replication-simulator/testing";
import { describe, expect, test } from "vitest";
import { empty, group, lone, pair, small } from "../rules/fixtures.js";
import { idsOf, received } from "./statusChanges.js";

/*
 * Configurations as their users see them (§1.5, T17, H9): attached, detached, and waiting for a restart.
 */

const dynamic = { name: "tuned", values: { max_connections: 100, autocommit: true } } as const;
const fixed = { name: "wide", values: { max_connections: 100, innodb_log_file_size: 48 } } as const;

describe("a configuration", () => {
  test("is made for a datastore version, the default one unless another is named", () => {
    const sim = empty();
    expect(sim.createConfiguration(dynamic)).toMatchObject({
      id: "configuration-0",
      name: "tuned",
      datastoreType: "mysql",
      datastoreVersion: "5.6",
      values: dynamic.values,
    });
    expect(
      sim.createConfiguration({ ...dynamic, datastore: { type: "MariaDB", version: "10" } }),
    ).toMatchObject({ datastoreType: "mariadb", datastoreVersion: "10" });
    expect(idsOf(sim.listConfigurations())).toEqual(["configuration-0", "configuration-1"]);
    expect(sim.account("5678").listConfigurations().items).toEqual([]);
    sim.deleteConfiguration("configuration-0");
    expect(sim.try.getConfiguration("configuration-0").ok).toBe(false);
  });

  test("is not the caller's own object", () => {
    const sim = empty({ store: "in-place" });
    const values: Record<string, number> = { max_connections: 100 };
    sim.createConfiguration({ name: "tuned", values });
    values["max_connections"] = 1;
    expect(sim.getConfiguration("configuration-0").values).toEqual({ max_connections: 100 });
  });

  test("is there from the start where an instance is created with it, without a restart", () => {
    const sim = empty();
    sim.createConfiguration(fixed);
    sim.createInstance({ ...small, configurationId: "configuration-0" });
    sim.settle();
    expect(sim.getInstance("instance-0")).toMatchObject({
      status: "ACTIVE",
      configurationId: "configuration-0",
    });
    // A replica starts with the defaults unless it is given one: never its source's (R18).
    sim.createReplica({ ...small, replicaOf: "instance-0" });
    expect(sim.getInstance("instance-1").configurationId).toBeNull();
  });
});

describe("attached to an instance", () => {
  test("it takes effect at once where all its parameters are dynamic", () => {
    const sim = lone();
    sim.createConfiguration(dynamic);
    expect(sim.attachConfiguration("instance-0", "configuration-0")).toMatchObject({
      status: "ACTIVE",
      configurationId: "configuration-0",
    });
    expect(sim.detachConfiguration("instance-0")).toMatchObject({
      status: "ACTIVE",
      configurationId: null,
    });
  });

  test("it waits for a restart where one parameter is not: RESTART_REQUIRED, and so does its detachment", () => {
    const sim = lone();
    sim.createConfiguration(fixed);
    const reported = received(sim);
    sim.attachConfiguration("instance-0", "configuration-0");
    // Nothing more can be changed about it before that.
    expect(sim.try.detachConfiguration("instance-0")).toMatchObject({
      error: { rule: "configuration-status" },
    });
    sim.restartInstance("instance-0");
    sim.settle();
    sim.detachConfiguration("instance-0");
    sim.restartInstance("instance-0");
    sim.settle();
    expect(reported).toEqual([
      "0 s instance-0: ACTIVE → RESTART_REQUIRED",
      "0 s instance-0: RESTART_REQUIRED → REBOOT",
      "5 s instance-0: REBOOT → ACTIVE",
      "5 s instance-0: ACTIVE → RESTART_REQUIRED",
      "5 s instance-0: RESTART_REQUIRED → REBOOT",
      "10 s instance-0: REBOOT → ACTIVE",
    ]);
  });

  test("the restart for a new replica serves as well (T6, C29)", () => {
    const sim = lone();
    sim.createConfiguration(fixed);
    sim.attachConfiguration("instance-0", "configuration-0");
    sim.createReplica({ ...small, replicaOf: "instance-0" });
    sim.settle();
    expect(sim.getInstance("instance-0")).toMatchObject({
      status: "ACTIVE",
      configurationId: "configuration-0",
    });
  });

  test("detaching where nothing is attached changes nothing", () => {
    const sim = lone();
    const before = sim.getInstance("instance-0");
    expect(sim.detachConfiguration("instance-0")).toBe(before);
  });

  test("it is free again when its instance is deleted", () => {
    const sim = lone();
    sim.createConfiguration(dynamic);
    sim.attachConfiguration("instance-0", "configuration-0");
    expect(sim.try.deleteConfiguration("configuration-0").ok).toBe(false);
    sim.deleteInstance("instance-0");
    sim.settle();
    sim.deleteConfiguration("configuration-0");
  });
});

describe("attached to a group", () => {
  test("it is that of all members, and of those that come later", () => {
    const sim = group();
    sim.createConfiguration(dynamic);
    expect(sim.attachGroupConfiguration("group-0", "configuration-0")).toMatchObject({
      status: "ACTIVE",
      configurationId: "configuration-0",
    });
    sim.addReplica("group-0", small);
    sim.settle();
    for (const { configurationId, status } of sim.listInstances().items) {
      expect([configurationId, status]).toEqual(["configuration-0", "ACTIVE"]);
    }
    sim.detachGroupConfiguration("group-0");
    for (const { configurationId } of sim.listInstances().items) expect(configurationId).toBeNull();
  });

  test("it waits for a restart of the group where a parameter is not dynamic", () => {
    const sim = group();
    sim.createConfiguration(fixed);
    sim.attachGroupConfiguration("group-0", "configuration-0");
    const statuses = () => [
      sim.getGroup("group-0").status,
      ...sim.listInstances().items.map(({ status }) => status),
    ];
    expect(statuses()).toEqual(["RESTART_REQUIRED", "RESTART_REQUIRED", "RESTART_REQUIRED"]);
    expect(sim.try.addReplica("group-0", small)).toMatchObject({ error: { rule: "group-status" } });
    sim.restartGroup("group-0");
    sim.settle();
    expect(statuses()).toEqual(["ACTIVE", "ACTIVE", "ACTIVE"]);
  });

  test("it takes the place of what members brought along; and what they brought can be detached", () => {
    const brought = () => {
      const sim = pair();
      sim.createConfiguration(dynamic);
      sim.createConfiguration({ ...dynamic, name: "other" });
      for (const id of ["instance-0", "instance-1"]) sim.attachConfiguration(id, "configuration-0");
      sim.convertToHa("instance-0", { name: "orders" });
      sim.settle();
      return sim;
    };
    const attached = brought();
    attached.detachGroupConfiguration("group-0");
    attached.attachGroupConfiguration("group-0", "configuration-1");
    for (const { configurationId } of attached.listInstances().items) {
      expect(configurationId).toBe("configuration-1");
    }
    attached.deleteConfiguration("configuration-0");

    const detached = brought();
    detached.detachGroupConfiguration("group-0");
    for (const { configurationId } of detached.listInstances().items) {
      expect(configurationId).toBeNull();
    }
    detached.deleteConfiguration("configuration-0");
  });

  test("what all members bring along is the group's, and cannot be attached again", () => {
    const sim = pair();
    sim.createConfiguration(fixed);
    for (const id of ["instance-0", "instance-1"]) {
      sim.attachConfiguration(id, "configuration-0");
      sim.restartInstance(id);
      sim.settle();
    }
    sim.convertToHa("instance-0", { name: "orders" });
    sim.settle();
    expect(sim.getGroup("group-0").configurationId).toBe("configuration-0");
    expectRefused(() => sim.attachGroupConfiguration("group-0", "configuration-0"));
    expect(sim.listInstances().items.map(({ status }) => status)).toEqual(["ACTIVE", "ACTIVE"]);
    expect(sim.getGroup("group-0").status).toBe("ACTIVE");
  });

  test("a group without one has none to detach: nothing is changed", () => {
    const sim = group();
    sim.advance(1000);
    const before = sim.getGroup("group-0");
    sim.detachGroupConfiguration("group-0");
    expect(sim.getGroup("group-0")).toEqual({
      ...before,
      updatedAt: sim.getGroup("group-0").updatedAt,
    });
    const facts = sim
      .journal()
      .lines.at(-1)
      ?.facts.map(({ type }) => type);
    expect(facts).not.toContain("GroupChanged");
    expect(facts).not.toContain("InstanceChanged");
  });
});
