import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { ScenarioInput } from "replication-simulator/scenario";
import type * as whatIfModule from "replication-simulator/whatif";
import { build } from "tsup";

/** A rule that is broken in a copy of the source, by one replacement in one file. */
export interface Mutant {
  readonly name: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
  /** The smallest scenario that a person wrote on which the broken rule shows. */
  readonly byHand: ScenarioInput;
}

type Topology = NonNullable<ScenarioInput["topology"]>;
type Steps = NonNullable<ScenarioInput["steps"]>;

const writes = { perSecond: 10 };
const group = (replicas: number): Topology => ({ orders: { kind: "group", replicas, writes } });
const set = (replicas: number): Topology => ({ orders: { kind: "set", replicas, writes } });

const crash = (
  at: string,
  role: string,
  { fault = "crash", ...rest }: { fault?: "crash" | "hang"; for?: string } = {},
): Steps[number] => ({ at, do: { fault, of: `orders.${role}`, ...rest } });

const byHand = (topology: Topology, steps: Steps): ScenarioInput => ({
  scenario: 1,
  world: { jitter: 0.3, latency: { receiveLag: { lognormal: "2s", sigma: 1 } } },
  topology,
  steps,
  horizon: "1h 1m",
  expect: {
    freshest: { holds: "freshestPromoted" },
    needed: { holds: "failoverNeeded" },
    follow: { holds: "replicasFollow" },
    positions: { holds: "accountedWrites" },
    invariants: { holds: "invariants" },
    recovers: { holds: "recovers" },
  },
});

/** Twelve rules, each broken once. */
export const mutants: readonly Mutant[] = [
  {
    name: "the replica that has received least is promoted",
    file: "service/failover/candidate.ts",
    from: "one.receivedBytes > other.receivedBytes",
    to: "one.receivedBytes < other.receivedBytes",
    byHand: byHand(group(2), [crash("1h", "source")]),
  },
  {
    name: "a replica that is down can be promoted",
    file: "service/failover/electCandidate.ts",
    from: "isHealthy: isPromotable(moment.instance(replica))",
    to: "isHealthy: true",
    byHand: byHand(group(1), [crash("0s", "r1"), crash("1m", "source")]),
  },
  {
    name: "replicas that were given up while they were built are not owed",
    file: "service/failover/superviseGroups.ts",
    from: "...unbuilt.map(({ name }) => ({ name, label: null })),",
    to: "",
    byHand: byHand(group(1), [crash("0s", "source"), crash("1m", "source")]),
  },
  {
    name: "replicas that are owed are not built",
    file: "service/failover/superviseGroups.ts",
    from: "if (group.pendingReplicaNames.length > 0) buildOwed(moment, group, source);",
    to: "if (group.pendingReplicaNames.length > 9) buildOwed(moment, group, source);",
    byHand: byHand(group(1), [crash("0s", "source"), crash("1m", "source")]),
  },
  {
    name: "a group does not notice that its source is back",
    file: "service/failover/superviseGroups.ts",
    from: 'moment.tryGroup(group, "source.recovered");',
    to: "",
    byHand: byHand(group(1), [crash("0s", "source", { fault: "hang", for: "1s" })]),
  },
  {
    name: "a group does not notice that replication is whole again",
    file: "service/failover/superviseGroups.ts",
    from: 'moment.tryGroup(group, "replication.repaired");',
    to: "",
    byHand: byHand(group(1), [crash("0s", "r1", { for: "1m" })]),
  },
  {
    name: "a second replica does not notice that its source is back",
    file: "service/replication/replicaReactions.ts",
    from: "for (const replica of replicasOf(transaction.context.topology, source)) {",
    to: "for (const replica of isLost ? replicasOf(transaction.context.topology, source) : replicasOf(transaction.context.topology, source).slice(0, 1)) {",
    byHand: byHand(group(2), [crash("0s", "source", { fault: "hang", for: "1s" })]),
  },
  {
    name: "a replica that is back does not see that its source is down",
    file: "service/replication/replicaReactions.ts",
    from: "if (!isHeldBroken(transaction, replica) && hasSourceThatServes(transaction, replica)) return;",
    to: "if (!isHeldBroken(transaction, replica)) return;",
    byHand: byHand(set(1), [crash("0s", "r1", { for: "6m" }), crash("3m", "source")]),
  },
  {
    name: "no replacement is built after a failover",
    file: "service/failover/completeFailover.ts",
    from: "  startMemberBuild(moment, group, {",
    to: "  if (group.replicaIds.length === 9) startMemberBuild(moment, group, {",
    byHand: byHand(group(1), [crash("0s", "source")]),
  },
  {
    name: "the other replicas do not follow the new source",
    file: "service/failover/completeFailover.ts",
    from: "for (const replica of isForced ? [...others, old] : others) follow(moment, replica, winner);",
    to: "for (const replica of isForced ? [...others, old] : []) follow(moment, replica, winner);",
    byHand: byHand(group(2), [crash("0s", "source")]),
  },
  {
    name: "a replica applies what it has not received",
    file: "service/replication/logs.ts",
    from: "Math.min(time - lagOf(link) - applyMs, receivedUntil(link, log, time))",
    to: "time - lagOf(link) - applyMs + 60_000",
    byHand: byHand(set(1), []),
  },
  {
    name: "a replica receives before it is written",
    file: "service/replication/logs.ts",
    from: "const arrived = time - lagOf(link);",
    to: "const arrived = time + lagOf(link);",
    byHand: byHand(set(1), []),
  },
];

/** The what-if engine of a copy of the source, perhaps with a rule broken. */
export async function buildCopy(mutant?: Mutant): Promise<typeof whatIfModule> {
  const source = new URL("../../src/", import.meta.url).pathname;
  const dir = mkdtempSync(join(tmpdir(), "mutant-"));
  let planted = 0;
  await build({
    config: false,
    entry: { whatif: join(source, "whatif/index.ts") },
    outDir: dir,
    format: ["esm"],
    outExtension: () => ({ js: ".mjs" }),
    noExternal: [/.*/],
    splitting: false,
    sourcemap: false,
    dts: false,
    silent: true,
    esbuildPlugins: [
      {
        name: "plant",
        setup(bundle) {
          bundle.onLoad({ filter: /\/src\/.*\.ts$/ }, ({ path }) => {
            if (mutant === undefined || path !== join(source, mutant.file)) return undefined;
            const text = readFileSync(path, "utf8");
            planted += text.split(mutant.from).length - 1;
            return { contents: text.replace(mutant.from, () => mutant.to), loader: "ts" };
          });
        },
      },
    ],
  });
  if (mutant !== undefined && planted !== 1) {
    throw new Error(`${mutant.name}: planted ${String(planted)} times; adapt it to ${mutant.file}`);
  }
  return (await import(pathToFileURL(join(dir, "whatif.mjs")).href)) as typeof whatIfModule;
}
