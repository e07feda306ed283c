import { describe, expect, it } from "vitest";
import { ReplicationSimulator, type TimeLimitError } from "../../src/index.js";
import { RealtimeDriver } from "../../src/realtime/index.js";
import { createReplicationSet } from "../../src/testing/fixtures.js";
import { caught } from "./caught.js";

describe("C41 https://github.com/hashicorp/terraform-provider-aws/issues/31109: a waiter ends in a state that leads nowhere, and says why", () => {
  function failingBuild(): { sim: ReplicationSimulator; id: string } {
    const sim = new ReplicationSimulator({ seed: 2 });
    const { source } = createReplicationSet(sim);
    sim.failTask({ task: "build", message: "no host has room" });
    const { id } = sim.createReplica({ flavorId: 2, volumeGb: 10, replicaOf: source.id });
    return { sim, id };
  }

  it("names the source of a replica that is down, and no source that serves", () => {
    const sim = new ReplicationSimulator({ seed: 2 });
    const { source, replicas } = createReplicationSet(sim);
    const id = replicas[0]?.id ?? "";
    const refusal = () => caught(() => sim.waitFor(id, "ACTIVE", { withinMs: 1_000 })).message;
    sim.inject({ kind: "crash", instanceId: source.id });
    expect(refusal()).toContain(`; its source ${source.id} is SHUTDOWN`);
    sim.inject({ kind: "recover", instanceId: source.id });
    sim.inject({ kind: "hang", instanceId: id });
    expect(refusal()).not.toContain("its source");
  });

  it.each([
    {
      what: "other work",
      begin: (sim: ReplicationSimulator) => {
        sim.inject({ kind: "slowTasks", factor: 1000 });
        sim.createInstance({ name: "another", flavorId: 2, volumeGb: 1 });
      },
    },
    {
      what: "a fault to come",
      begin: (sim: ReplicationSimulator) => {
        sim.inject({ kind: "outage", durationMs: 1000 }, { afterMs: 80_000_000 });
      },
    },
    {
      what: "a schedule",
      begin: (sim: ReplicationSimulator) => {
        const [own] = sim.listInstances().items;
        sim.createSchedule({ ownerId: own?.id ?? "", hour: 12 });
      },
    },
  ])("ends when the build has failed, with $what in the account", ({ begin }) => {
    const { sim, id } = failingBuild();
    begin(sim);
    const before = sim.now;
    const error = caught<TimeLimitError>(() => sim.waitFor(id, "ACTIVE"));
    expect(error.rule).toBe("status-in-time");
    expect(error.message).toMatch(
      /is ERROR and did not become ACTIVE: nothing can lead there any more.*no host has room/,
    );
    expect(sim.now - before).toBe(55_000);
  });

  it("says what the last operation failed with when the time is over, too", () => {
    const sim = new ReplicationSimulator({ seed: 2 });
    const { replicas } = createReplicationSet(sim);
    const [replica] = replicas;
    sim.failTask({ task: "reboot", message: "the disk does not mount" });
    sim.restartInstance(replica?.id ?? "");
    sim.settle();
    sim.inject({ kind: "recover", instanceId: replica?.id ?? "" }, { afterMs: 20_000 });
    const error = caught(() => sim.waitFor(replica?.id ?? "", "ACTIVE", { withinMs: 10_000 }));
    expect(error.message).toMatch(
      /10000 ms of virtual time have passed; raise withinMs; its reboot failed: the disk does not mount$/,
    );
  });

  it("ends for a group that never worked, and for a backup that failed", () => {
    const sim = new ReplicationSimulator({ seed: 2 });
    sim.failTask({ task: "connect", message: "no address is left" });
    const node = { flavorId: 2, volumeGb: 10 };
    const group = sim.createHaGroup({ name: "ha", source: node, replicas: [node] });
    expect(caught(() => sim.waitFor(group.id, "ACTIVE")).message).toContain("no address is left");

    const { id } = sim.createInstance(node);
    sim.waitFor(id, "ACTIVE");
    sim.failTask({ task: "runBackup", message: "the store is full" });
    const backup = sim.createBackup({ name: "nightly", ownerId: id });
    sim.createInstance(node);
    const before = sim.now;
    const error = caught(() => sim.waitForBackup(backup.id, "COMPLETED"));
    expect(error.message).toContain("the store is full");
    expect(sim.now - before).toBe(6_500);
  });

  it("waits on for what a deletion still leads to", () => {
    const { sim, id } = failingBuild();
    sim.settle();
    sim.inject({ kind: "failTask", task: "delete" });
    sim.deleteInstance(id);
    expect(sim.waitFor(id, "ERROR").status).toBe("ERROR");
  });

  it("ends the wait of a driver in the same way", async () => {
    const { sim, id } = failingBuild();
    let now = 0;
    const driver = new RealtimeDriver(sim, {
      clock: {
        now: () => now,
        setTimer: () => 1,
        clearTimer: () => undefined,
      },
    });
    driver.start();
    const waiting = driver.waitFor(id, "ACTIVE", { timeoutMs: Infinity });
    const ended = expect(waiting).rejects.toThrow(/it is ERROR.*no host has room/);
    now = 60_000;
    driver.sync();
    await ended;
    await expect(driver.waitFor(id, "ACTIVE")).rejects.toThrow("no host has room");
    driver.stop();
  });
});
