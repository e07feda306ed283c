import { type Journal, ReplicationSimulator } from "replication-simulator";

const size = { flavorId: 2, volumeGb: 10 } as const;
const minute = 60_000;

/** A group and a plain set that lose their sources; in one branch the monitor is a minute slower. */
export function failoverTwice(): {
  readonly past: Journal;
  readonly documented: ReplicationSimulator;
  readonly slow: ReplicationSimulator;
} {
  const sim = new ReplicationSimulator({ seed: 7 });
  const group = sim.createHaGroup({
    name: "orders",
    source: { name: "orders-1", ...size },
    replicas: [
      { name: "orders-2", ...size },
      { name: "orders-3", ...size },
    ],
  });
  const plain = sim.createInstance({ name: "reports-1", ...size });
  sim.settle();
  sim.createReplica({ name: "reports-2", ...size, replicaOf: plain.id });
  sim.settle();
  const sourceId = sim.getGroup(group.id).sourceId ?? "";
  sim.setWorkload(sourceId, { transactionsPerSecond: 200 });
  sim.setWorkload(plain.id, { transactionsPerSecond: 200 });
  sim.advance(10 * minute);
  const past = sim.journal();
  const branches = sim.branch({ documented: {}, slow: { latency: { detectFailure: 69_000 } } });
  for (const branch of Object.values(branches)) {
    branch.inject({ kind: "crash", instanceId: sourceId });
    branch.inject({ kind: "crash", instanceId: plain.id, durationMs: 5 * minute });
    branch.advance(15 * minute);
    branch.renameInstance(plain.id, "reports-renamed");
    branch.advance(minute);
  }
  return { past, ...branches };
}

/** Names that mean harm: markup, an end of the script, marks of direction, control characters, halves of characters. */
export const hostileNames = [
  "</script><img src=x onerror=alert(1)>",
  "<b onmouseover=alert(1)>bold</b>",
  "admin\u202egnp.exe",
  "two\nlines\u0000\u0007",
  "&lt;escaped&gt; \"quoted\" 'single'",
  "{{constructor.constructor('alert(1)')()}}",
] as const;
