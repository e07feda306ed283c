import { ReplicationSimulator, TimeLimitError } from "replication-simulator";
import { expect, test } from "vitest";

/* An account waits for its own resources, in the shared time. */

const size = { flavorId: 2, volumeGb: 10 };

test("an account client waits for its own instance, group and backup, and sees what it may see", () => {
  const sim = new ReplicationSimulator();
  sim.createInstance(size);
  const client = sim.account("5678");
  const { id } = client.createInstance(size);
  expect(client.waitFor(id, "ACTIVE")).toEqual(client.getInstance(id));
  expect(client.waitFor(id, "ACTIVE").ordinal).toBe(0);
  const backup = client.createBackup({ name: "nightly", ownerId: id });
  expect(client.waitForBackup(backup.id, "COMPLETED")).toEqual(client.getBackup(backup.id));
  const group = client.createHaGroup({ name: "ha", source: size, replicas: [size] });
  expect(client.waitFor(group.id, "ACTIVE")).toEqual(client.getGroup(group.id));
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
  const reported = (neighbour: boolean, schedule: boolean): readonly string[] => {
    const sim = new ReplicationSimulator();
    const client = sim.account("5678");
    const { id } = client.createInstance(size);
    client.waitFor(id, "ACTIVE");
    if (schedule) client.createSchedule({ ownerId: id });
    const other = neighbour ? sim.createInstance(size).id : undefined;
    return [1000, 60_000].map((withinMs) => {
      if (other !== undefined) sim.try.restartInstance(other);
      const outcome = client.try.waitFor(id, "ERROR", { withinMs });
      if (outcome.ok || !(outcome.error instanceof TimeLimitError)) throw new Error("it came");
      return outcome.error.message.replace(id, "it");
    });
  };
  const never =
    "it is ACTIVE and did not become ERROR: no pending task of its account can change it";
  const late = (ms: number) =>
    `it is ACTIVE and did not become ERROR: ${String(ms)} ms of virtual time have passed; raise withinMs`;
  for (const neighbour of [false, true]) {
    expect(reported(neighbour, false)).toEqual([never, never]);
    expect(reported(neighbour, true)).toEqual([late(1000), late(60_000)]);
  }
});
