import { purposes } from "../../kernel/keyedRandom.js";
import { jitterOf } from "../../kernel/latency.js";
import { nextBirthKey, nextBirthsOf } from "../../kernel/lineage.js";
import type { InjectedFault } from "../../service/faults/fault.model.js";
import type { CompiledWorld, WorldRow } from "./compiledWorld.js";
import { madeBefore } from "./compiledWorld.js";
import { FutureDraws } from "./futureDraws.js";
import type { KeyTable, NextPurpose } from "./keyTable.js";
import { clockLaw, type DurationLaw, type LawTable, workLaw } from "./lawTable.js";
import { NotCompilableError } from "./notCompilable.js";
import {
  nextPurposes,
  programOf,
  type RegisterChange,
  type RegisterChanges,
  type RegisterProgram,
} from "./registerProgram.js";
import { Registers } from "./registers.js";

/** A world, and the register of each of its rows. */
export interface PlacedWorld {
  readonly world: CompiledWorld;
  readonly places: Int32Array;
}

/** Context of the derivation of changes. */
export interface DerivationContext {
  readonly keys: KeyTable;
  readonly laws: LawTable;
  /** Births that the service repeats, with the same index in every future. */
  readonly counted: CountedBirths;
  /** Whether a command of a step or an operator makes the change, not something that was due. */
  readonly isCommanded?: boolean;
}

/** The births that a future has to count: for each group how many of each purpose. */
export interface CountedBirth {
  readonly parentKey: string;
  readonly purpose: NextPurpose;
  /** Counter of its account. */
  readonly counted: string;
}
export type CountedBirths = readonly CountedBirth[];

/** The counted births of the groups of a world. */
export function countedBirths({ rows }: CompiledWorld): CountedBirths {
  return rows
    .filter(({ kind }) => kind === "groups")
    .flatMap(({ key: parentKey }) =>
      nextPurposes.map((purpose) => ({
        parentKey,
        purpose,
        counted: nextBirthsOf(parentKey, purpose),
      })),
    );
}

/**
 * Says how the registers of rows change from one world to the next. It is not believed: the changes are made under the
 * seed of these worlds, and have to give the rows that the simulator gave.
 *
 * @throws NotCompilableError where they do not
 */
export function deriveChanges(
  before: PlacedWorld | undefined,
  { world: after, places }: PlacedWorld,
  context: DerivationContext,
): RegisterProgram {
  const from = earlierRows(before?.world, after);
  const births = new Births(before, { world: after, places }, context);
  const born: RegisterChange[] = [];
  const changes: RegisterChange[] = [];
  const rows: { readonly to: number; readonly from: number }[] = [];
  for (const [at, row] of after.rows.entries()) {
    const earlier = from[at] ?? -1;
    const old = before?.world.rows[earlier];
    const to = places[at] ?? 0;
    rows.push({ to, from: before?.places[earlier] ?? -1 });
    if (old === undefined) born.push(births.of(row, to));
    const by = row.count - (old?.count ?? 0);
    if (old === undefined || by !== 0) {
      changes.push({ kind: "count", row: to, by, isNew: old === undefined });
    }
    const change = clockChange(old, row, { at: to, after, context });
    if (change === undefined) continue;
    // What is set anew is numbered anew.
    if (row.seq !== null && row.seq === old?.seq) {
      throw new NotCompilableError(`a row of ${row.kind} keeps its place among what is due`);
    }
    changes.push(change);
  }
  const numbered = after.rows
    .map(({ seq }, at) => ({ at, seq }))
    .filter(({ at, seq }) => seq !== null && seq !== before?.world.rows[from[at] ?? -1]?.seq)
    .sort((a, b) => (a.seq ?? 0) - (b.seq ?? 0));
  const derived: RegisterChanges = {
    rows,
    changes: [...born, ...changes],
    numbered: numbered.map(({ at }) => places[at] ?? 0),
  };
  const program = programOf(derived, context.laws);
  verify(program, before, { world: after, places }, context);
  return program;
}

/** For each row of a world the row that it was in an earlier one; -1 for what is new. */
function earlierRows(before: CompiledWorld | undefined, after: CompiledWorld): readonly number[] {
  const earlier = new Map(
    before?.rows.map(({ kind, ordinal }, at) => [`${kind} ${String(ordinal)}`, at]),
  );
  return after.rows.map(({ kind, ordinal }) => earlier.get(`${kind} ${String(ordinal)}`) ?? -1);
}

/** Gives each row of a world a register: the one that it had before, and a free one to what is new. */
export function placeRows(before: PlacedWorld | undefined, after: CompiledWorld): Int32Array {
  const kept = earlierRows(before?.world, after).map((row) => before?.places[row] ?? -1);
  const taken = new Set(kept);
  let free = 0;
  return Int32Array.from(kept, (place) => {
    if (place >= 0) return place;
    while (taken.has(free)) free += 1;
    return free++;
  });
}

/** Finds out what new rows come from. */
class Births {
  readonly #before: PlacedWorld | undefined;
  readonly #after: PlacedWorld;
  readonly #context: DerivationContext;
  readonly #made = new Map<number, number>();

  constructor(before: PlacedWorld | undefined, after: PlacedWorld, context: DerivationContext) {
    this.#before = before;
    this.#after = after;
    this.#context = context;
  }

  of({ value, key }: WorldRow, row: number): RegisterChange {
    const { keys, isCommanded = false } = this.#context;
    // Nothing is drawn by the key of a planned fault: it strikes at once or at its time.
    const isPlanned = isCommanded && value.kind === "faults" && value.row.clockOf === null;
    const isTheSame = this.#before === undefined || value.row.label !== null || isPlanned;
    if (isTheSame) return { kind: "key", row, key: keys.numberOf(key) };
    const change =
      value.kind === "faults"
        ? this.#fault(value.row, row)
        : value.kind === "backups"
          ? this.#hidden(value.row.hiddenForReplicaId, row)
          : this.#next(key, row);
    if (change !== undefined) return change;
    throw new NotCompilableError(
      `a new row of ${value.kind} comes from something else than faults`,
    );
  }

  #fault({ clockOf, key }: InjectedFault, row: number): RegisterChange | undefined {
    const { keys } = this.#context;
    if (clockOf !== null) {
      if (clockOf.instanceOrdinal === null) return undefined;
      const { world, places } = this.#after;
      const at = (kind: string, ordinal: number): number =>
        places[world.rows.findIndex((other) => other.kind === kind && other.ordinal === ordinal)] ??
        -1;
      const owner = at("faults", clockOf.processOrdinal);
      const instance = at("instances", clockOf.instanceOrdinal);
      return owner < 0 || instance < 0 ? undefined : { kind: "clock", row, owner, instance };
    }
    const place = this.#before?.world.rows.findIndex(
      (process) =>
        process.kind === "faults" &&
        keys.keyOf(keys.fault(keys.numberOf(process.key), process.count)) === key,
    );
    const parent = this.#before?.places[place ?? -1];
    return parent === undefined ? undefined : { kind: "fault", row, parent };
  }

  #hidden(replicaId: string | null, row: number): RegisterChange | undefined {
    const { world, places } = this.#after;
    const parent = places[world.rows.findIndex(({ id }) => id === replicaId)];
    return parent === undefined ? undefined : { kind: "hidden", row, parent };
  }

  #next(key: string, row: number): RegisterChange | undefined {
    const { keys, counted: births } = this.#context;
    const counter = births.findIndex(({ parentKey, purpose, counted }, at) => {
      const made = this.#before === undefined ? 0 : madeBefore(this.#before.world, counted);
      return nextBirthKey(parentKey, purpose, made + (this.#made.get(at) ?? 0)) === key;
    });
    const birth = births[counter];
    if (birth === undefined) return undefined;
    this.#made.set(counter, (this.#made.get(counter) ?? 0) + 1);
    const { purpose, parentKey } = birth;
    return { kind: "next", row, purpose, parentKey: keys.numberOf(parentKey), counter };
  }
}

interface ClockContext {
  readonly at: number;
  readonly after: CompiledWorld;
  readonly context: DerivationContext;
}

/** Returns the change of a row's clock; undefined if it continues, or does not exist. */
function clockChange(
  old: WorldRow | undefined,
  row: WorldRow,
  context: ClockContext,
): RegisterChange | undefined {
  return row.value.kind === "faults"
    ? faultClockChange(old, row.value.row, { ...context, isNewTurn: old?.count !== row.count })
    : workChange(old, row, context);
}

function workChange(
  old: WorldRow | undefined,
  { value, seq, key }: WorldRow,
  { at: row, after: { sim }, context }: ClockContext,
): RegisterChange | undefined {
  if (value.kind === "faults" || value.row.work === null || old?.seq === seq) return undefined;
  const { task, latency: named, factor, startedAt } = value.row.work;
  const { latency, jitter } = sim.settings;
  const law = workLaw(latency[named], jitterOf(task, jitter));
  const copyingMs = startedAt - sim.now;
  if (copyingMs === 0) return { kind: "work", row, law, factor, copies: null };
  for (const copyKey of ["buildReplicaPerGb", "restorePerGb", "backupPerGb"] as const) {
    const copyLaw = workLaw(latency[copyKey], jitter);
    const gb = copyingMs / factor / sampled(copyLaw, key, { context, seed: sim.settings.seed });
    if (Number.isInteger(gb))
      return { kind: "work", row, law, factor, copies: { law: copyLaw, gb } };
  }
  throw new NotCompilableError(`${task} copies data for ${String(copyingMs)} ms`);
}

/** Returns the sample of a law for the copy of a row under a seed. */
function sampled(
  law: DurationLaw,
  key: string,
  {
    context: { keys, laws },
    seed,
  }: { readonly context: DerivationContext; readonly seed: string | number },
): number {
  const draws = new FutureDraws(keys);
  draws.begin(seed);
  return laws.durationOf(laws.numberOf(law), draws.draw(purposes.copy, keys.numberOf(key), 0));
}

function faultClockChange(
  old: WorldRow | undefined,
  { clock, dueAt, phase, activations }: InjectedFault,
  { at: row, after, isNewTurn }: ClockContext & { readonly isNewTurn: boolean },
): RegisterChange | undefined {
  if (clock === null) {
    if (dueAt === null || old?.time === dueAt) return undefined;
    return { kind: "after", row, ms: dueAt - after.sim.now };
  }
  const runs = clock.since !== null;
  const law = clockLaw(clock.distribution);
  if (old === undefined || isNewTurn) {
    const isRepair = phase !== "recurring";
    if (isRepair && activations === 0) return { kind: "repair", row, law };
    return isRepair ? { kind: "repair", row, law } : { kind: "failure", row, law, runs };
  }
  const ran = old.seq !== null;
  if (ran === runs) return undefined;
  return { kind: runs ? "start" : "stop", row };
}

/** Makes the changes under the seed of the worlds, and compares what comes of it with the rows of the simulator. */
function verify(
  program: RegisterProgram,
  before: PlacedWorld | undefined,
  { world: after, places }: PlacedWorld,
  { keys, laws, counted }: DerivationContext,
): void {
  const { sim } = after;
  const registers = new Registers(keys, laws);
  registers.reserve(Math.max(sizeOf(before?.places ?? []), program.rows));
  const births = counted.map((birth) => madeBefore(before?.world ?? after, birth.counted));
  registers.begin(sim.settings.seed, sim.now, births);
  for (const [at, row] of (before?.world.rows ?? []).entries()) {
    const place = before?.places[at] ?? 0;
    registers.setKey(place, keys.numberOf(row.key));
    registers.count[place] = row.count;
    registers.time[place] = row.time;
  }
  registers.apply(program);
  const { key, count, time } = registers;
  for (const [at, row] of after.rows.entries()) {
    const place = places[at] ?? 0;
    const isEqual =
      key[place] === keys.numberOf(row.key) &&
      count[place] === row.count &&
      (!hasClock(row) || time[place] === row.time);
    if (!isEqual)
      throw new NotCompilableError(`a row of ${row.kind} depends on more than its clock`);
  }
  const isCounted = counted.every(
    (birth, at) => registers.counters[at] === madeBefore(after, birth.counted),
  );
  if (!isCounted) throw new NotCompilableError("births are counted otherwise");
}

/** Number of registers up to the last of some. */
export function sizeOf(places: ArrayLike<number>): number {
  return Array.from(places).reduce((size, place) => Math.max(size, place + 1), 0);
}

function hasClock({ seq, value }: WorldRow): boolean {
  return seq !== null || (value.kind === "faults" && value.row.clock !== null);
}
