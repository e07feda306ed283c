import { ReplicationSimulator, TimeLimitError } from "replication-simulator";
import { expect, test } from "vitest";

/* A tenant waits for its own things, in the time of all. */

const size = { flavorId: 2, volumeGb: 10 };

test("an account client waits for its own instance, group and backup, and sees what it may see", () => {
  const sim = new ReplicationSimulator();
  sim.createInstance(size);
  const tenant = sim.account("5678");
  const { id } = tenant.createInstance(size);
  expect(tenant.waitFor(id, "ACTIVE")).toEqual(tenant.getInstance(id));
  expect(tenant.waitFor(id, "ACTIVE").ordinal).toBe(0);
  const backup = tenant.createBackup({ name: "nightly", ownerId: id });
  expect(tenant.waitForBackup(backup.id, "COMPLETED")).toEqual(tenant.getBackup(backup.id));
  const group = tenant.createHaGroup({ name: "ha", source: size, replicas: [size] });
  expect(tenant.waitFor(group.id, "ACTIVE")).toEqual(tenant.getGroup(group.id));
});

test("an observer may wait; no caller waits for another account's resources", () => {
  const sim = new ReplicationSimulator();
  const { id } = sim.createInstance(size);
  sim.settle();
  const backup = sim.createBackup({ name: "nightly", ownerId: id });
  const { now } = sim;
  const stranger = sim.account("5678");
  expect(stranger.try.waitFor(id, "ACTIVE")).toMatchObject({
    ok: false,
    error: { rule: "instance-exists", value: id },
  });
  expect(stranger.try.waitForBackup(backup.id, "COMPLETED")).toMatchObject({
    ok: false,
    error: { rule: "backup-exists" },
  });
  expect(sim.now).toBe(now);
  const observer = sim.account(sim.accountId, { role: "observer" });
  expect(observer.waitForBackup(backup.id, "COMPLETED").status).toBe("COMPLETED");
});

test("the message of a failed wait does not depend on the tasks of other accounts", () => {
  const told = (neighbour: boolean, schedule: boolean): readonly string[] => {
    const sim = new ReplicationSimulator();
    const tenant = sim.account("5678");
    const { id } = tenant.createInstance(size);
    tenant.waitFor(id, "ACTIVE");
    if (schedule) tenant.createSchedule({ ownerId: id });
    const other = neighbour ? sim.createInstance(size).id : undefined;
    return [1000, 60_000].map((withinMs) => {
      if (other !== undefined) sim.try.restartInstance(other);
      const outcome = tenant.try.waitFor(id, "ERROR", { withinMs });
      if (outcome.ok || !(outcome.error instanceof TimeLimitError)) throw new Error("it came");
      return outcome.error.message.replace(id, "it");
    });
  };
  const never =
    "it is ACTIVE and did not become ERROR: no pending task of its account can change it";
  const late = (ms: number) =>
    `it is ACTIVE and did not become ERROR: ${String(ms)} ms of virtual time have passed; raise withinMs`;
  for (const neighbour of [false, true]) {
    expect(told(neighbour, false)).toEqual([never, never]);
    expect(told(neighbour, true)).toEqual([late(1000), late(60_000)]);
  }
});
