import { scenario as readScenario, type ScenarioInput } from "replication-simulator/scenario";
import { exploreScenario } from "replication-simulator/whatif";
import { expect, test } from "vitest";
import { commandsOf } from "../../../src/scenario/run/actions.js";
import type { NameTable } from "../../../src/scenario/run/nameTable.js";
import { prepareScenario } from "../../../src/scenario/run/prepare.js";
import { startRandomFaults } from "../../../src/scenario/run/randomProcesses.js";
import type { ReplicationSimulator } from "../../../src/simulator.js";

/*
 * An independent count of reachable states: every order of events in a fork of its own, without merging on the way. Worlds
 * are compared by their whole snapshot without ids, times and counters, the least over all orders of the instances.
 */

type Plain = Record<string, unknown>;
interface Row extends Plain {
  readonly id: string;
  readonly ordinal: number;
}

/** Times, order, origin and descriptions. Placements do not matter, because no fault here names a zone or a rack. */
const notes = new Set(
  `id ordinal accountOrdinal accountId key label name createdAt updatedAt injectedAt dueAt seq endsAt cause startedAt
  tasksStarted activations since ranMs totalMs durationMs failovers lastError nextRunAt received applied at lagMs applyMs
  resumedAt pieces zone rack`.split(/\s+/),
);

function wholeWorld(sim: ReplicationSimulator, clientsAt: string): string {
  const { topology } = JSON.parse(JSON.stringify(sim.snapshot())) as {
    topology: Record<string, { rows: Row[] }>;
  };
  const all = topology["instances"]?.rows ?? [];
  const rows = all.filter(({ state }) => state !== "deleting");
  const faults = (topology["faults"]?.rows ?? []).filter(({ targetOrdinal, clockOf }) => {
    const place = clockOf as { instanceOrdinal: number } | null;
    const about = (targetOrdinal as number | null) ?? place?.instanceOrdinal ?? null;
    return about === null || rows.some(({ ordinal }) => ordinal === about);
  });
  let least: string | undefined;
  for (const order of permutations(rows.length)) {
    const names = new Map(rows.map(({ id }, at) => [id, `instance ${String(order[at])}`]));
    const places = new Map(rows.map(({ ordinal }, at) => [ordinal, `place ${String(order[at])}`]));
    for (const kind of ["groups", "backups"]) {
      for (const [at, { id }] of (topology[kind]?.rows ?? []).entries()) {
        names.set(id, `${kind} ${String(at)}`);
      }
    }
    const cleaned = (value: unknown, field = ""): unknown => {
      if (typeof value === "string")
        return names.get(value) ?? (/^[0-9a-f-]{36}$/.test(value) ? "gone" : value);
      if (field.endsWith("Ordinal")) return places.get(value as number) ?? "gone";
      if (Array.isArray(value)) {
        const list = value.map((one) => JSON.stringify(cleaned(one)));
        return field === "replicaIds" ? list.sort() : list;
      }
      if (typeof value !== "object" || value === null) return value;
      return Object.keys(value)
        .filter((key) => !notes.has(key) && key !== "processOrdinal")
        .sort()
        .map((key) => [key, cleaned((value as Plain)[key], key)]);
    };
    const instances: unknown[] = [];
    for (const [at, row] of rows.entries()) instances[order[at] ?? 0] = cleaned(row);
    const runs = faults.map((row) => JSON.stringify([cleaned(row), row["dueAt"] === null]));
    const groups = topology["groups"]?.rows.map((row) => cleaned(row));
    const backups = topology["backups"]?.rows.map((row) => cleaned(row));
    const text = JSON.stringify([instances, groups, backups, runs.sort(), names.get(clientsAt)]);
    if (least === undefined || text < least) least = text;
  }
  return least ?? "";
}

function permutations(count: number): readonly (readonly number[])[] {
  if (count === 0) return [[]];
  return permutations(count - 1).flatMap((order) =>
    Array.from({ length: count }, (_, at) => [
      ...order.slice(0, at),
      count - 1,
      ...order.slice(at),
    ]),
  );
}

function bruteForce(input: ScenarioInput, bounds: { maxFaults: number; maxCommands: number }) {
  const scenario = readScenario(input);
  const found = new Set<string>();
  let worlds = 0;
  const visit = (sim: ReplicationSimulator, names: NameTable, faults: number, commands: number) => {
    worlds += 1;
    const [thing] = names.things;
    const left = `${String(faults)} ${String(commands)}`;
    found.add(`${left} ${wholeWorld(sim, thing?.clientsAt ?? "")}`);
    const attempt = (happen: (fork: ReplicationSimulator) => boolean, f: number, c: number) => {
      const fork = sim.fork();
      const copied = names.copyFor(fork);
      fork.subscribe((entry) => {
        copied.follow(entry);
      });
      if (happen(fork)) visit(fork, copied, f, c);
    };
    const recurring = new Set(
      sim.listFaults().flatMap(({ id, phase }) => (phase === "recurring" ? [id] : [])),
    );
    for (const choice of sim.stateSpace.choices()) {
      const isActivation = recurring.has(choice.id);
      if (isActivation && faults === 0) continue;
      const happen = (fork: ReplicationSimulator): boolean => {
        fork.stateSpace.fire(choice);
        return true;
      };
      attempt(happen, isActivation ? faults - 1 : faults, commands);
    }
    if (commands === 0) return;
    for (const { do: action } of scenario.steps ?? []) {
      if (typeof action !== "object" || !("command" in action)) continue;
      for (const command of commandsOf(action, names)) {
        attempt((fork) => fork.try.execute(command).ok, faults, commands - 1);
      }
    }
  };
  const { base, names } = prepareScenario(scenario, { journal: false, store: "immutable" });
  const sim = base.fork();
  const copied = names.copyFor(sim);
  startRandomFaults(scenario, copied);
  visit(sim, copied, bounds.maxFaults, bounds.maxCommands);
  return { states: found.size, worlds };
}

const crash = { every: { exponential: "10d" }, timeToRepair: { exponential: "2h" } } as const;
const restart = { do: { command: "restartInstance", of: "orders.all" } } as const;
const detach = { do: { command: "detachReplica", of: "orders.replicas" } } as const;

test.each([
  ["a set, two faults", { kind: "set", replicas: 2 }, [], 2, 0],
  [
    "a set, one fault and two commands of two kinds",
    { kind: "set", replicas: 1 },
    [restart, detach],
    1,
    2,
  ],
  [
    "a set of three, one fault and one command",
    { kind: "set", replicas: 2 },
    [restart, detach],
    1,
    1,
  ],
  [
    "a group, one fault and one forced failover",
    { kind: "group", replicas: 1 },
    [{ do: { command: "forceFailover", of: "orders" } }],
    1,
    1,
  ],
] as const)(
  "as many states as every order of events gives: %s",
  (_, thing, steps, maxFaults, maxCommands) => {
    const input: ScenarioInput = {
      scenario: 1,
      topology: { orders: thing },
      random: {
        crashes: { fault: "crash", of: "orders", ...crash },
        breaks: { fault: "breakReplication", of: "orders.replicas", ...crash },
      },
      steps,
    };
    const counted = bruteForce(input, { maxFaults, maxCommands });
    const space = exploreScenario(readScenario(input), { maxFaults, maxCommands });
    expect(counted.worlds).toBeGreaterThan(2 * counted.states);
    expect(space.states.length).toBe(counted.states);
  },
);
