import type { Fact } from "../domain/facts.js";
import { copyUntrusted } from "../domain/parseCommand.js";
import type { JournalEntry } from "../engine/journal.js";
import type { IdKind } from "../engine/keyedRandom.js";
import type { SimulatorOptions } from "../simulator/options.js";
import { readOptions, type Settings } from "../simulator/options.js";
import { ReplicationSimulator } from "../simulator.js";
import type { WorldStore } from "./store.js";

/** A world that came out of a store, or has just gone into it. */
export interface OpenedWorld {
  readonly sim: ReplicationSimulator;
  /** Number of lines that had to be run again because no snapshot covers them. */
  readonly linesSinceSnapshot: number;
  /** Options that the stored world does not have: it is as it was made, and they are for a new one. */
  readonly ignored: readonly (keyof SimulatorOptions)[];
}

/**
 * The world of a store as it was left, held line by line to what is written; or a new one where the store has none.
 * @throws StoreError
 * @throws InvalidWorldDataError when a line does not come out as it was written
 * @throws InvalidInputError for options that do not hold what they must
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
  sim.replayEntries(ids.read(lines), { until: now });
  const linesSinceSnapshot = sim.journalEntries().length;
  return { sim, linesSinceSnapshot, ignored: differing(options, settings) };
}

/**
 * An id factory that gives recorded entries the ids that they were written with, however the factory of the options
 * counts, and asks that factory for everything that comes after them.
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

  /** Passes the entries on, each with its ids laid out for the moment in which it happens again. */
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

/** What recording needs: moments that stay valid, and lines to write down. */
const recordable = { store: "immutable", journal: true } as const;

function differing(options: SimulatorOptions, settings: Settings): (keyof SimulatorOptions)[] {
  const asked = readOptions(options);
  return (Object.keys(options) as (keyof SimulatorOptions)[]).filter(
    (key) =>
      key in settings &&
      !["store", "journal", "maxSteps"].includes(key) &&
      JSON.stringify(asked[key as keyof Settings]) !==
        JSON.stringify(settings[key as keyof Settings]),
  );
}
