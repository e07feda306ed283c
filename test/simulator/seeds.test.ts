import { ReplicationSimulator } from "replication-simulator";
import { createActiveHaGroup } from "replication-simulator/testing";
import { expect, test } from "vitest";
import { small } from "../rules/fixtures.js";

/*
 * A seed is a promise: it gives the same world in the next version too. These figures were
 * drawn once; when one of them changes, every seed in the world means something else.
 */

test("the seed 42 means what it always meant", () => {
  const sim = new ReplicationSimulator({ seed: 42, jitter: 0.2, startAt: 0 });
  const { group } = createActiveHaGroup(sim);
  const other = sim.createInstance({ ...small, label: "other" });
  const { id, dayOfWeek, hour, minute } = sim.createSchedule({
    ownerId: group.id,
    ownerKind: "ha",
  });
  const configuration = sim.createConfiguration({ name: "c", values: {} });
  const backup = sim.createBackup({ name: "b", ownerKind: "ha", ownerId: group.id });
  expect({
    keys: [group.key, other.key, configuration.key],
    group: group.id,
    source: group.sourceId,
    other: other.id,
    schedule: [id, dayOfWeek, hour, minute],
    configuration: configuration.id,
    backup: backup.id,
  }).toMatchInlineSnapshot(`
    {
      "backup": "f1b290ee-9a48-4794-9842-b2e57861cf23",
      "configuration": "6e07a8f1-2d64-4249-a5d3-c2323fe63e5f",
      "group": "41618d4e-fe61-472e-8136-904b2a4ae71d",
      "keys": [
        "1936ee9031a25c13cd65aab55e216eac",
        "4b3f2f1f004628f9c38b0f94049e3031",
        "571b1f40660a6a063b1548794376bf0a",
      ],
      "other": "74cfd099-4fb8-493d-a189-4d70aa4ba1f8",
      "schedule": [
        "234b7d09-b144-4ddb-a409-2e93a0b9143a",
        4,
        15,
        19,
      ],
      "source": "056c1e8f-ec8c-4081-971b-3bbe1a4ce5e4",
    }
  `);
  sim.settle();
  expect(sim.now).toMatchInlineSnapshot(`233748`);

  sim.setWorkload(group.sourceId ?? "", { transactionsPerSecond: 10 });
  const [replicaId = ""] = group.replicaIds;
  const { lagMs, applyMs } = sim.getInstance(replicaId).link ?? {};
  sim.injectRandom({
    fault: "crash",
    target: { instanceId: other.id },
    timeToFailure: { kind: "exponential", meanMs: 10_000_000 },
    timeToRepair: { kind: "exponential", meanMs: 10_000 },
  });
  const dueTimes = sim.listFaults().map(({ dueAt }) => dueAt);
  sim.inject({ kind: "crash", instanceId: group.sourceId ?? "" });
  sim.settle();
  expect({
    lags: [lagMs, applyMs],
    dueTimes,
    failovers: sim.listFailovers(group.id).map((failover) => [failover.id, failover.at]),
    end: sim.now,
  }).toMatchInlineSnapshot(`
    {
      "dueTimes": [
        427274,
      ],
      "end": 316934,
      "failovers": [
        [
          "fbe6b4dd-079d-4724-a2ab-f3ffb36553fb",
          249867,
        ],
      ],
      "lags": [
        863,
        1156,
      ],
    }
  `);
});
