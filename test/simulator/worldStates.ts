import type { Choice, Command, ReplicationSimulator } from "replication-simulator";

/*
 * Small worlds in all their states, by other means than the shape: everything that a snapshot holds, without what only
 * identifies or counts, the least text over all orders of the instances.
 */

/** What may happen in a world, and how often. */
export interface Menu {
  readonly faults: readonly ("crash" | "hang" | "breakReplication" | "cutLink")[];
  readonly commands?: readonly ("restartInstance" | "detachReplica" | "deleteInstance")[];
}

export interface Budget {
  readonly faults: number;
  readonly commands: number;
}

export type Move =
  | { readonly kind: "choice"; readonly choice: Choice }
  | { readonly kind: "command"; readonly command: Command; readonly spends?: keyof Budget };

export interface Situation {
  readonly sim: ReplicationSimulator;
  readonly left: Budget;
}

/** Everything that can be tried, refused or not, in an order that follows from the rows. */
export function movesOf({ sim, left }: Situation, menu: Menu): readonly Move[] {
  const moves: Move[] = sim.stateSpace.choices().map((choice) => ({ kind: "choice", choice }));
  for (const { id } of sim.listFaults()) {
    moves.push({ kind: "command", command: { type: "clearFault", faultId: id } });
  }
  for (const { id } of [...sim.instances()]) {
    if (left.faults > 0) {
      for (const kind of menu.faults) {
        const fault =
          kind === "crash" || kind === "hang" ? { kind, instanceId: id } : { kind, replicaId: id };
        moves.push({ kind: "command", command: { type: "injectFault", fault }, spends: "faults" });
      }
    }
    if (left.commands > 0) {
      for (const type of menu.commands ?? []) {
        const command: Command = { type, instanceId: id };
        moves.push({ kind: "command", command, spends: "commands" });
      }
    }
  }
  return moves;
}

/** What a move leads to; undefined when a rule refuses it. */
export function after({ sim, left }: Situation, move: Move): Situation | undefined {
  const next = sim.fork();
  if (move.kind === "choice") {
    next.stateSpace.fire(move.choice);
    return { sim: next, left };
  }
  if (next.check(move.command).length > 0) return undefined;
  next.execute(move.command);
  const { spends } = move;
  return {
    sim: next,
    left: spends === undefined ? left : { ...left, [spends]: left[spends] - 1 },
  };
}

const dropped = new Set([
  ...["id", "key", "label", "name", "ordinal", "accountOrdinal", "accountId"],
  ...["createdAt", "updatedAt", "startedAt", "dueAt", "seq", "cause", "injectedAt", "endsAt"],
  ...["tasksStarted", "activations", "failovers", "lastError", "resumedAt", "pieces"],
  // No fault of these worlds names a place.
  ...["zone", "rack"],
  ...["at", "received", "applied", "lagMs", "applyMs", "since", "ranMs", "totalMs"],
]);

type Rows = readonly Readonly<Record<string, unknown>>[];

/** The whole state of a world without ids, times and counters: the least over all orders of its instances. */
export function wholeState(sim: ReplicationSimulator): string {
  const { topology } = JSON.parse(JSON.stringify(sim.snapshot())) as {
    readonly topology: Readonly<Record<string, { readonly rows: Rows }>>;
  };
  const rows = (kind: string): Rows => topology[kind]?.rows ?? [];
  const instances = rows("instances");
  let least: string | undefined;
  for (const order of permutations(instances.length)) {
    const names = new Map<unknown, string>();
    const places = new Map<unknown, string>();
    order.forEach((to, from) => {
      names.set(instances[from]?.["id"], `instance ${String(to)}`);
      places.set(instances[from]?.["ordinal"], `instance ${String(to)}`);
    });
    for (const kind of ["groups", "backups"]) {
      rows(kind).forEach(({ id }, at) => names.set(id, `${kind} ${String(at)}`));
    }
    const clean = (value: unknown, name = ""): unknown => {
      if (name === "targetOrdinal") return value === null ? null : (places.get(value) ?? "gone");
      if (typeof value === "string") {
        return names.get(value) ?? (/^[0-9a-f]{8}-/.test(value) ? "gone" : value);
      }
      if (Array.isArray(value)) {
        const items = value.map((item) => clean(item));
        return name === "replicaIds" ? items.sort() : items;
      }
      if (typeof value !== "object" || value === null) return value;
      return Object.entries(value)
        .filter(([key]) => !dropped.has(key))
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, field]) => [key, clean(field, key)]);
    };
    const placed: unknown[] = [];
    order.forEach((to, from) => {
      placed[to] = clean(instances[from]);
    });
    const unordered = (kind: string) =>
      rows(kind)
        .map((row) => JSON.stringify(clean(row)))
        .sort();
    const text = JSON.stringify([placed, ...["groups", "faults", "backups"].map(unordered)]);
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
