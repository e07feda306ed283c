import { ReplicationSimulator, type SimulatorOptions } from "replication-simulator";

/** Options of every world here: no journal, room for a million instances, and no bound on steps. */
export const roomy = {
  journal: false,
  limits: { maxInstancesPerAccount: 2_000_000 },
  maxSteps: Number.MAX_SAFE_INTEGER,
} as const satisfies SimulatorOptions;

/** What a test asks for: the smallest instance that can replicate. */
export const small = { flavorId: "2", volumeGb: 10 } as const;

/** A world with so many active instances in one account, made by commands. */
export function worldOf(
  count: number,
  store: "immutable" | "in-place",
  options: SimulatorOptions = {},
): ReplicationSimulator {
  const sim = new ReplicationSimulator({ ...roomy, ...options, store });
  for (let i = 0; i < count; i++) sim.createInstance(small);
  sim.settle();
  return sim;
}

/** The same world on the immutable store: a million commands on it would take too long for every run. */
export function frozenCopyOf(sim: ReplicationSimulator): ReplicationSimulator {
  const snapshot = sim.snapshot().toJSON();
  return ReplicationSimulator.restore({
    ...snapshot,
    settings: { ...snapshot.settings, store: "immutable" },
  });
}

/** Ids in the order of creation, `count` of them, spread evenly over the world. */
export function idsOf(sim: ReplicationSimulator, count: number): readonly string[] {
  const all: string[] = [];
  for (let marker: string | undefined; ; ) {
    const page = sim.listInstances(marker === undefined ? {} : { marker });
    for (const { id } of page.items) all.push(id);
    marker = page.nextMarker;
    if (marker === undefined) break;
  }
  // Ids are drawn, so that their order says nothing about where the rows lie.
  const stride = all.length / count;
  return Array.from({ length: count }, (_, i) => all[Math.floor(i * stride)] as string);
}
