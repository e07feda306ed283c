import { spawn, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { ReplicationSimulator } from "replication-simulator";
import { scenario } from "replication-simulator/scenario";
import {
  dataScenario,
  EnsembleResults,
  exploreScenario,
  type PreparedEnsemble,
  prepareEnsemble,
  runEnsemble,
  type ShardResult,
  shardsOf,
  shrink,
} from "replication-simulator/whatif";
import { openScenario, threads } from "replication-simulator/whatif/threads";
import { atLeast, atMost, median, type Row, timed } from "./harness.js";
import { inOwnProcess } from "./ownProcess.js";

/** The stock scenario: an HA group of three for 30 days, a crash each three days. */
const stock = {
  scenario: 1,
  world: { jitter: 0.3 },
  topology: { orders: { kind: "group", replicas: 2, writes: { perSecond: 200 } } },
  random: {
    crashes: {
      fault: "crash",
      of: "orders.any",
      every: { exponential: "3d" },
      timeToRepair: { lognormal: "20m", sigma: 1 },
    },
  },
  horizon: "30d",
} as const;

const positions = {
  down: { measure: "writesDown", of: "orders" },
  lost: { measure: "lostTransactions", of: "orders" },
  lag: { measure: "lag", of: "orders" },
} as const;
const levels = {
  down: { measure: "writesDown", of: "orders" },
  failovers: { measure: "failovers", of: "orders" },
} as const;

/** Futures a second, against SimPy, and what executors cost. All in CPU time: other processes do not count. */
export async function whatIfRows(): Promise<readonly Row[]> {
  return [
    ...futureRows(),
    explorationRow(),
    shapeRow(),
    redrawRow(),
    shrinkRow(),
    ...(await executorRows()),
    memoryRow(),
    ...commandRows(),
  ];
}

/** What is measured, by which engine, and how many futures a round has. */
const kinds = [
  {
    name: "with positions (lag, loss)",
    measures: positions,
    engine: "simulator",
    futures: 2000,
    goal: 2500,
    peers: [
      { model: "with positions (lag, loss)", options: ["positions"], goal: 4 },
      { model: "with positions (lag, loss), SimPy without them", options: [], goal: 4 },
    ],
  },
  {
    name: "no measure needs positions",
    measures: levels,
    engine: "simulator",
    futures: 2000,
    goal: 6000,
    peers: [{ model: "no measure needs positions", options: [], goal: 1.5 }],
  },
  {
    name: "compiled",
    measures: levels,
    engine: "compiled",
    futures: 200_000,
    goal: 200_000,
    peers: [{ model: "compiled", options: [], goal: 0.05 }],
  },
] as const;

function futureRows(): readonly Row[] {
  const rows: Row[] = [];
  for (const { name, measures, engine, futures, goal, peers } of kinds) {
    const ensemble = { scenario: { data: { ...stock, measures }, engine }, futures };
    const own: number[] = [];
    const ratios = peers.map((): number[] => []);
    for (let round = 0; round < 3; round++) {
      const us = Number(inOwnProcess("./futureUs.mjs", ensemble));
      own.push(us);
      for (const [at, { options }] of peers.entries()) {
        const peer = simPyUs(options);
        if (peer !== undefined) ratios[at]?.push(us / peer);
      }
    }
    rows.push(
      atLeast({
        name: `futures of 30 days, stock scenario, ${name}`,
        value: 1e6 / Math.min(...own),
        unit: "/s",
        goal,
        against: "CPU time",
      }),
    );
    for (const [at, { model, options, goal: goalOverSimPy }] of peers.entries()) {
      const found = ratios[at] ?? [];
      if (found.length === 0) continue;
      rows.push(
        atMost({
          name: `the same over a simplified SimPy model, ${model}`,
          value: median(found),
          unit: "x",
          goal: goalOverSimPy,
          against: `${["bench/peers/stock.py", ...options].join(" ")}, CPU time`,
        }),
      );
    }
  }
  return rows;
}

/** How quickly the states of a scenario are found. */
function explorationRow(): Row {
  const crash = { fault: "crash", every: { exponential: "3d" }, timeToRepair: "20m" } as const;
  const question = scenario({
    scenario: 1,
    topology: { orders: { kind: "group", replicas: 2 } },
    random: {
      crashes: { ...crash, of: "orders" },
      hangs: { ...crash, fault: "hang", of: "orders" },
      broken: { ...crash, fault: "breakReplication", of: "orders.replicas" },
    },
  });
  const tries = (): number => exploreScenario(question, { maxFaults: 3 }).tries;
  for (let round = 0; round < 30; round++) tries(); // warm
  const rates = Array.from({ length: 9 }, () => {
    const before = process.cpuUsage();
    const count = tries();
    const { user, system } = process.cpuUsage(before);
    return (count * 1e6) / (user + system);
  });
  return atLeast({
    name: "exploration of a group of three, at most three faults",
    value: Math.max(...rates),
    unit: "tries/s",
    goal: 40_000,
    against: "CPU time",
  });
}

/** What the shape of a large world costs after each command. */
function shapeRow(): Row {
  const limits = { maxInstancesPerAccount: 100_000 };
  const sim = new ReplicationSimulator({ seed: 1, journal: false, latency: "instant", limits });
  const ids = Array.from({ length: 10_000 }, () => {
    const { id } = sim.createInstance({ flavorId: 2, volumeGb: 10 });
    return id;
  });
  sim.settle();
  sim.stateSpace.shape();
  let next = 0;
  const change = (): void => {
    const id = ids[next++ % ids.length] ?? "";
    sim.setWorkload(id, { transactionsPerSecond: next });
    sim.stateSpace.shape();
  };
  timed(change, 2000);
  const us = Array.from({ length: 5 }, () => timed(change, 2000) / 1000);
  return atMost({
    name: "a command and the shape after it, one of 10,000 instances",
    value: Math.min(...us),
    unit: "us",
    goal: 50,
    against: "the clock, immutable store",
  });
}

/** What it costs to draw the rest of a world anew. */
function redrawRow(): Row {
  const sim = new ReplicationSimulator({ seed: 1, journal: false });
  const source = sim.createInstance({ flavorId: 2, volumeGb: 10 });
  sim.settle();
  const hour = 3_600_000;
  sim.injectRandomAmong({
    fault: "crash",
    target: { instanceId: source.id },
    timeBetweenFailures: { kind: "exponential", meanMs: 72 * hour },
    timeToRepair: { kind: "exponential", meanMs: hour },
  });
  let seed = 1;
  const calls = 20_000;
  const fork = (): void => {
    seed += 1;
    sim.fork({ seed });
  };
  timed(fork, calls);
  const us = Array.from({ length: 3 }, () => timed(fork, calls) / 1000);
  return atMost({
    name: "a fork with a seed of its own, the process drawn anew",
    value: Math.min(...us),
    unit: "us",
    goal: 5,
    against: "the clock, immutable store",
  });
}

/** How long a failure among some 250 random faults takes to become three steps. */
function shrinkRow(): Row {
  const question = scenario({
    scenario: 1,
    topology: { orders: { kind: "group", replicas: 2 } },
    random: {
      crashes: {
        fault: "crash",
        of: "orders.any",
        every: { exponential: "3h" },
        timeToRepair: { lognormal: "20m", sigma: 1 },
      },
    },
    horizon: "30d",
    expect: { "a copy": { never: "noCopy", of: "orders" } },
  });
  let seed = 0;
  const { simulate } = dataScenario(question);
  while (simulate("as it is", seed)["broken: a copy"] !== 1) seed += 1;
  const before = process.cpuUsage();
  const shrunk = shrink(question, seed);
  const { user, system } = process.cpuUsage(before);
  const steps = shrunk?.scenario.steps?.length ?? 0;
  if (steps > 3) throw new Error(`shrunk to ${String(steps)} steps`);
  return atMost({
    name: `a failure of about 250 random faults shrunk to ${String(steps)} steps`,
    value: (user + system) / 1e6,
    unit: "s",
    goal: 3,
    against: "CPU time",
  });
}

/** CPU time of a future in SimPy, in us; undefined where Debian's python3-simpy3 is missing. */
function simPyUs(options: readonly string[]): number | undefined {
  const script = fileURLToPath(new URL("./peers/stock.py", import.meta.url));
  const { status, stdout } = spawnSync("/usr/bin/python3", [script, "30", "3000", ...options], {
    encoding: "utf8",
  });
  if (status === 0) return Number(stdout.split(" ")[0]);
  console.log("  (no SimPy: apt-get install python3-simpy3)");
  return undefined;
}

/** Cores that share caches or a clock slow each other down; a process on the other one shows by how much. */
const busyCore = new URL("./busyCore.mjs", import.meta.url);

async function executorRows(): Promise<readonly Row[]> {
  const data = { ...stock, measures: levels };
  const prepared = await prepareEnsemble(
    { scenario: { data, engine: "simulator" }, futures: 20_000 },
    openScenario,
  );
  const ratios: number[] = [];
  const ratiosBesideOther: number[] = [];
  for (let pair = 0; pair < 2; pair++) {
    const alone = await cpuMs(() => runEnsemble(prepared));
    const inTwo = await cpuMs(() => runEnsemble(prepared, { executor: threads({ workers: 2 }) }));
    const other = spawn(process.execPath, [fileURLToPath(busyCore), JSON.stringify(data)]);
    const besideOther = await cpuMs(() => runEnsemble(prepared));
    other.kill();
    ratios.push(inTwo / alone);
    ratiosBesideOther.push(inTwo / besideOther);
  }
  const module = new URL("./emptyFuture.mjs", import.meta.url).href;
  const empty = await prepareEnsemble(
    { scenario: { module }, futures: 20_000, shardSize: 1 },
    openScenario,
  );
  return [
    atMost({
      name: "CPU of two threads over inline, 20,000 futures",
      value: median(ratios),
      unit: "x",
      goal: 1.15,
      against: "inline, CPU time",
    }),
    atMost({
      name: "the same over inline while the other core is busy",
      value: median(ratiosBesideOther),
      unit: "x",
      goal: 1.15,
      against: "inline beside another process that runs futures, CPU time",
    }),
    atMost({
      name: "an empty shard in two threads",
      value: median([await shardUs(empty), await shardUs(empty), await shardUs(empty)]),
      unit: "us",
      goal: 150,
      against: "the clock, after the threads have started",
    }),
  ];
}

/** Time between two results once the threads are warm. */
async function shardUs(prepared: PreparedEnsemble): Promise<number> {
  let count = 0;
  let since = 0;
  await runEnsemble(prepared, {
    executor: threads({ workers: 2 }),
    onResult: () => {
      count++;
      if (count === 5000) since = performance.now();
    },
  });
  return ((performance.now() - since) * 1000) / (count - 5000);
}

/** What a million futures of five measures take, one of them a list of three. */
function memoryRow(): Row {
  const prepared = {
    format: "replication-simulator/ensemble",
    version: 1,
    scenario: { data: null },
    designs: ["as it is"],
    seeds: { first: 0, count: 1_000_000 },
    shardSize: 1000,
    keep: "values",
    engine: { version: "", fingerprint: "" },
    probe: { source: "", facts: "" },
  } as const;
  const results = new EnsembleResults(prepared);
  const before = usedBytes();
  for (const { id, index, first, count } of shardsOf(prepared, results.id)) {
    const column = (size: number) =>
      Array.from({ length: size * count }, (_, at) => first + at + 0.5);
    const columns = {
      down: { values: column(1) },
      lost: { values: column(1) },
      failovers: { values: column(1) },
      degraded: { values: column(1) },
      interruptions: { values: column(3), lengths: Array.from({ length: count }, () => 3) },
    };
    const result: ShardResult = {
      ensemble: results.id,
      id,
      index,
      first,
      count,
      designs: { "as it is": { columns, failures: [] } },
    };
    results.add(result);
  }
  const bytes = usedBytes() - before;
  if (results.done !== 1000) throw new Error("results are missing");
  return atMost({
    name: "memory of 1,000,000 futures of five measures, every value kept",
    value: bytes / 1e6,
    unit: "MB",
    goal: 150,
    against: "the heap and its buffers before",
  });
}

/** Bytes of the heap and of the buffers beside it, after everything unreachable is gone. */
function usedBytes(): number {
  const collect = globalThis.gc;
  if (collect === undefined) throw new Error("run with --expose-gc");
  collect();
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** How long the command takes to start. */
function commandRows(): readonly Row[] {
  const bin = fileURLToPath(new URL("../bin/replication-simulator.js", import.meta.url));
  const file = fileURLToPath(new URL("./oneFuture.yaml", import.meta.url));
  const msOf = (...args: readonly string[]): number =>
    median(
      Array.from({ length: 9 }, () => {
        const began = performance.now();
        spawnSync(process.execPath, [bin, "whatif", ...args]);
        return performance.now() - began;
      }),
    );
  return [
    atMost({
      name: "whatif --help, from the start of the process to its end",
      value: msOf("--help"),
      unit: "ms",
      goal: 150,
      against: "the clock",
    }),
    atMost({
      name: "whatif run with one future, from the start of the process to its end",
      value: msOf("run", file, "--futures", "1", "--workers", "0"),
      unit: "ms",
      goal: 300,
      against: "the clock",
    }),
  ];
}

async function cpuMs(run: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
