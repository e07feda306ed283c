import { describe, expect, test } from "vitest";
import { empty, lone, pair, small } from "../rules/fixtures.js";

/*
 * Databases and users of an instance (§1.1, R23): made with it or later, at the source and at all that follow it.
 */

describe("databases", () => {
  test("made with the instance or later have the documented defaults", () => {
    const sim = empty();
    sim.createInstance({ ...small, databases: [{ name: "shop" }] });
    sim.settle();
    sim.createDatabases("instance-0", [
      { name: "log", characterSet: "latin1", collate: "latin1_bin" },
    ]);
    expect(sim.listDatabases("instance-0")).toEqual([
      { name: "shop", characterSet: "utf8", collate: "utf8_general_ci" },
      { name: "log", characterSet: "latin1", collate: "latin1_bin" },
    ]);
  });

  test("of a source are those of its replicas, present and future", () => {
    const sim = pair();
    sim.createDatabases("instance-0", [{ name: "shop" }]);
    expect(sim.listDatabases("instance-1")).toEqual(sim.listDatabases("instance-0"));
    sim.createReplica({ ...small, replicaOf: "instance-0" });
    expect(sim.listDatabases("instance-2")).toEqual(sim.listDatabases("instance-0"));
  });

  test("of a replica that was detached are its own from then on", () => {
    const sim = pair();
    sim.createDatabases("instance-0", [{ name: "shop" }]);
    sim.detachReplica("instance-1");
    // Until it is done, it follows.
    sim.createDatabases("instance-0", [{ name: "late" }]);
    sim.settle();
    sim.createDatabases("instance-1", [{ name: "reports" }]);
    sim.deleteDatabase("instance-0", "shop");
    expect(sim.listDatabases("instance-0").map(({ name }) => name)).toEqual(["late"]);
    expect(sim.listDatabases("instance-1").map(({ name }) => name)).toEqual([
      "shop",
      "late",
      "reports",
    ]);
  });

  test("that are deleted leave the users who had access to them", () => {
    const sim = lone();
    sim.createDatabases("instance-0", [{ name: "shop" }, { name: "log" }]);
    sim.createUsers("instance-0", [{ name: "app", password: "one", databases: ["shop", "log"] }]);
    sim.deleteDatabase("instance-0", "shop");
    expect(sim.listUsers("instance-0")).toEqual([{ name: "app", host: "%", databases: ["log"] }]);
  });
});

describe("users", () => {
  test("are distinguished by name and host", () => {
    const sim = lone();
    sim.createUsers("instance-0", [
      { name: "app", password: "one" },
      { name: "app", password: "two", host: "10.0.0.9" },
      { name: "log", password: "three" },
      { name: "log", password: "four", host: "10.0.0.9" },
    ]);
    const users = () => sim.listUsers("instance-0").map(({ name, host }) => `${name}@${host}`);
    sim.deleteUser("instance-0", "app");
    expect(users()).toEqual(["app@10.0.0.9", "log@%", "log@10.0.0.9"]);
    sim.deleteUser("instance-0", "app", "10.0.0.9");
    expect(users()).toEqual(["log@%", "log@10.0.0.9"]);
  });

  test("have passwords that cannot be read anywhere, neither in the journal nor in a snapshot", () => {
    const sim = lone();
    sim.createUsers("instance-0", [{ name: "app", password: "hunter2" }]);
    expect(JSON.stringify([sim.journal(), sim.snapshot()])).not.toContain("hunter2");
  });

  test("change at once: no status is left", () => {
    const sim = lone();
    const { now } = sim;
    expect(sim.createUsers("instance-0", [{ name: "app", password: "one" }]).status).toBe("ACTIVE");
    expect(sim.now).toBe(now);
    expect(sim.listPendingTasks()).toEqual([]);
  });
});
