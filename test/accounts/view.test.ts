import { type AccountClient, ReplicationSimulator } from "replication-simulator";
import { describe, expect, test } from "vitest";

const size = { flavorId: 2, volumeGb: 10 };

/** One of each thing, in an account. */
function filled(account: AccountClient, sim: ReplicationSimulator) {
  const source = account.createInstance(size);
  sim.settle();
  account.createReplica({ ...size, replicaOf: source.id });
  sim.settle();
  const backup = account.createBackup({ name: "b", ownerId: source.id });
  const schedule = account.createSchedule({ ownerId: source.id });
  const configuration = account.createConfiguration({ name: "c", values: {} });
  const group = account.createHaGroup({ name: "h", source: size, replicas: [size] });
  sim.settle();
  return { source, backup, schedule, configuration, group };
}

describe("the view of an account", () => {
  test("has the rows that the methods return, and what the service offers", () => {
    const sim = new ReplicationSimulator({ region: "SYD" });
    const account = sim.account("5678");
    const { source, backup, schedule, configuration, group } = filled(account, sim);
    const { view } = account;
    expect(view.accountId).toBe("5678");
    expect(view.region).toBe("SYD");
    expect(view.catalog).toBe(sim.settings.catalog);
    expect(view.limits.maxPageSize).toBe(20);
    expect(view.instance(source.id)).toEqual(account.getInstance(source.id));
    expect(view.group(group.id)).toEqual(account.getGroup(group.id));
    expect(view.schedule(schedule.id)).toEqual(account.getSchedule(schedule.id));
    expect(view.backup(backup.id)).toEqual(account.getBackup(backup.id));
    expect(view.configuration(configuration.id)).toEqual(
      account.getConfiguration(configuration.id),
    );
    const shown = account.getInstance(source.id);
    expect(view.replicasOf(shown)).toEqual(account.listReplicas(source.id));
    const { sourceId, replicaIds } = account.getGroup(group.id);
    expect(view.membersOf(account.getGroup(group.id)).map(({ id }) => id)).toEqual([
      sourceId,
      ...replicaIds,
    ]);
  });

  test("has nothing of another account, and refuses nothing", () => {
    const sim = new ReplicationSimulator();
    const { source, backup, schedule, configuration, group } = filled(sim.account("5678"), sim);
    const { view } = sim.account("9999", { role: "observer" });
    expect(view.instance(source.id)).toBeUndefined();
    expect(view.group(group.id)).toBeUndefined();
    expect(view.schedule(schedule.id)).toBeUndefined();
    expect(view.backup(backup.id)).toBeUndefined();
    expect(view.configuration(configuration.id)).toBeUndefined();
  });

  test("never has a hidden backup (R22), and counts towards no rate", () => {
    const sim = new ReplicationSimulator({ rateLimits: { reads: 1 } });
    const source = sim.createInstance(size);
    sim.settle();
    sim.createReplica({ ...size, replicaOf: source.id });
    const hidden = sim.view.instance(source.id)?.backupId ?? "";
    expect(hidden).not.toBe("");
    for (let looks = 0; looks < 5; looks++) expect(sim.view.backup(hidden)).toBeUndefined();
    expect(sim.getInstance(source.id).id).toBe(source.id);
  });
});
