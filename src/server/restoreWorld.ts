import type { JournalEntry } from "../kernel/journal.js";
import type { IdKind } from "../kernel/keyedRandom.js";
import type { Fact } from "../model/facts.js";
import { copyUntrusted } from "../service/commands/parseCommand.js";
import type { SimulatorOptions } from "../simulator/options.js";
import { readOptions, type Settings } from "../simulator/options.js";
import { ReplicationSimulator } from "../simulator.js";
import type { WorldStore } from "./store.js";

/** A world that was read from a store, or has just been written to it. */
export interface OpenedWorld {
  readonly sim: ReplicationSimulator;
  /** Number of replayed entries that no snapshot covers. */
  readonly linesSinceSnapshot: number;
  /** Options that were ignored because the stored world keeps its own. */
  readonly ignored: readonly (keyof SimulatorOptions)[];
}

/**
 * Returns the stored world, verified entry by entry; or a new one if the store has none.
 * @throws StoreError
 * @throws InvalidWorldDataError if a replayed entry differs from the stored one
 * @throws InvalidInputError for invalid options
 */
export async function openWorld(
  store: WorldStore,
  given: SimulatorOptions = {},
): Promise<OpenedWorld> {
  const options = copyUntrusted(given, "world");
  const stored = await store.read("latest");
  if (stored === undefined) {
    const sim = new ReplicationSimulator({ ...options, ...recordable });
    await store.append({ origin: sim.snapshot(), lines: [], now: sim.now });
    return { sim, linesSinceSnapshot: 0, ignored: [] };
  }
  const { snapshot, lines, now } = stored;
  const settings = { ...snapshot.settings, ...recordable };
  const ids = new RecordedIds(options.createId);
  const { interpreter } = options;
  const sim = ReplicationSimulator.restore(
    { ...snapshot, settings },
    { ...ids.hook, ...(interpreter === undefined ? {} : { interpreter }) },
  );
  sim.history.replayEntries(ids.read(lines), { until: now });
  const linesSinceSnapshot = sim.history.entries().length;
  return { sim, linesSinceSnapshot, ignored: differing(options, settings) };
}

/**
 * An id factory that returns the recorded ids for recorded entries, and calls the caller's factory for everything after
 * them.
 */
class RecordedIds {
  readonly #createId: SimulatorOptions["createId"];
  readonly #recorded = new Map<IdKind, string[]>();

  constructor(createId: SimulatorOptions["createId"]) {
    this.#createId = createId;
  }

  get hook(): Pick<SimulatorOptions, "createId"> {
    const createId = this.#createId;
    if (createId === undefined) return {};
    return {
      createId: (kind, ordinal) => this.#recorded.get(kind)?.shift() ?? createId(kind, ordinal),
    };
  }

  /** Yields the entries, and prepares the ids of each before it is replayed. */
  *read(lines: Iterable<JournalEntry>): Generator<JournalEntry> {
    for (const line of lines) {
      this.#recorded.clear();
      for (const fact of line.facts) this.#note(fact);
      yield line;
    }
    this.#recorded.clear();
  }

  #note(fact: Fact): void {
    switch (fact.type) {
      case "InstanceCreated":
        this.#add("instance", fact.instance.id);
        break;
      case "GroupCreated":
        this.#add("group", fact.group.id);
        break;
      case "ScheduleCreated":
        this.#add("schedule", fact.schedule.id);
        break;
      case "BackupCreated":
        this.#add("backup", fact.backup.id);
        break;
      case "ConfigurationCreated":
        this.#add("configuration", fact.configuration.id);
        break;
      case "SourcePromoted":
        this.#add("failover", fact.failoverId);
        break;
      case "FaultInjected":
        this.#add("fault", fact.injected.id);
        break;
      default:
    }
  }

  #add(kind: IdKind, id: string): void {
    const ids = this.#recorded.get(kind) ?? [];
    ids.push(id);
    this.#recorded.set(kind, ids);
  }
}

/** Options that recording requires: valid snapshots and a journal. */
const recordable = { store: "immutable", journal: true } as const;

function differing(options: SimulatorOptions, settings: Settings): (keyof SimulatorOptions)[] {
  const requested = readOptions(options);
  return (Object.keys(options) as (keyof SimulatorOptions)[]).filter(
    (key) =>
      key in settings &&
      !["store", "journal", "maxSteps"].includes(key) &&
      JSON.stringify(requested[key as keyof Settings]) !==
        JSON.stringify(settings[key as keyof Settings]),
  );
}
