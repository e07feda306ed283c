import type { JournalEntry } from "../../kernel/journal.js";
import type { Distribution } from "../../model/distributions.js";
import { InvalidInputError } from "../../model/errors.js";
import { isRecord } from "../../model/schema/plainData.js";
import { defaultSettings, type RuntimeHooks, type Settings } from "../../simulator/options.js";
import { type Journal, readJournal } from "../../simulator/serialization.js";
import { ReplicationSimulator } from "../../simulator.js";
import { fromDistribution } from "../format/distributions.js";
import { idPrefix } from "../format/references.js";
import type { Scenario, StepOf, WorldOf } from "../format/scenario.js";
import { actionOf } from "./actionOf.js";
import { creates, kindOf } from "./created.js";
import { NameTable } from "./nameTable.js";

/**
 * Returns the scenario of a journal: its commands at their times, with a label for each created resource.
 * `runScenario` of the result gives the same facts.
 *
 * @example
 * ```ts
 * import { ReplicationSimulator } from "replication-simulator";
 * import { journalToScenario } from "replication-simulator/scenario";
 *
 * const sim = new ReplicationSimulator();
 * sim.createInstance({ name: "orders", flavorId: 2, volumeGb: 10 });
 * console.log(journalToScenario(sim.journal()).steps?.length); // 1
 * ```
 * @param hooks - the functions among the options, which no journal contains
 * @param journal - as `sim.journal()` returns it, or what `JSON.parse` made of it; it must begin in an empty world
 * @returns the scenario
 * @throws InvalidInputError `scenario-journal` when the journal begins in a world that is not empty
 * @throws InvalidWorldDataError when it cannot be read or comes out differently
 */
export function journalToScenario(journal: Journal, hooks: RuntimeHooks = {}): Scenario {
  const { settings, lines, origin, now } = readJournal(journal);
  if (origin !== null) {
    throw new InvalidInputError([
      {
        field: "journal.origin",
        value: "a world that is not empty",
        expected: "a journal that begins in an empty world",
        rule: "scenario-journal",
      },
    ]);
  }
  const sim = new ReplicationSimulator({ ...settings, ...hooks });
  const writer = new ScenarioWriter(sim, lines);
  for (const entry of lines) writer.follow(entry);
  const { steps, horizon } = writer.endAt(now);
  return { scenario: 1, world: worldOf(settings), steps, horizon };
}

class ScenarioWriter {
  readonly #sim: ReplicationSimulator;
  readonly #names: NameTable;
  readonly #start: number;
  readonly #steps: StepOf<number>[] = [];
  readonly #counts = new Map<string, number>();
  /** Virtual time of the last command. */
  #last: number;
  /** Steps of time that no command has followed yet. */
  #pending = 0;

  /** Labels of the journal: no alias is one of them. */
  readonly #labels: ReadonlySet<string>;

  constructor(sim: ReplicationSimulator, lines: readonly JournalEntry[]) {
    this.#labels = new Set(lines.flatMap(({ trigger }) => labelsOf(trigger)));
    this.#sim = sim;
    this.#start = sim.now;
    this.#last = sim.now;
    this.#names = new NameTable(sim);
    sim.subscribe((entry) => {
      this.#names.follow(entry);
    });
  }

  follow(entry: JournalEntry): void {
    if (entry.trigger.kind !== "command") {
      this.#sim.history.replayEntries([entry]);
      this.#pending += 1;
      return;
    }
    const { command, accountId } = entry.trigger;
    const timing = this.#timing(entry.at);
    const created = creates(command.type);
    const { label } = command as { readonly label?: string };
    const isName = label !== undefined && namePattern.test(label);
    const alias = created === undefined || isName ? undefined : this.#alias(created);
    const action = actionOf(command, entry.at, (id) => this.#reference(id));
    this.#sim.history.replayEntries([entry]);
    this.#steps.push({
      ...timing,
      ...(label === undefined ? {} : { label }),
      ...(alias === undefined ? {} : { alias }),
      ...(accountId === this.#sim.accountId ? {} : { by: accountId }),
      do: action,
    });
    const name = alias ?? label;
    if (name === undefined) return;
    const id = createdId(entry);
    const kind = kindOf(command);
    if (id !== undefined) this.#names.add(name, { id, kind, isFixture: false, accountId });
  }

  endAt(now: number): { readonly steps: readonly StepOf<number>[]; readonly horizon: number } {
    const end = this.#timing(now);
    // Work that is due at the very end was not done: the scenario takes its last steps of time one by one.
    if (end.at === undefined) return { steps: this.#steps, horizon: now - this.#start };
    return { steps: this.#steps, horizon: end.at };
  }

  /** The time of a command. Where more is due at that moment than was done, the steps of time are counted. */
  #timing(at: number): { readonly at?: number } {
    const pending = this.#pending;
    this.#pending = 0;
    const { nextDueAt } = this.#sim;
    const isLater = at > this.#last && (nextDueAt === undefined || nextDueAt > at);
    this.#last = at;
    if (pending === 0 || isLater) return { at: at - this.#start };
    for (let count = 0; count < pending; count++) this.#steps.push({ do: "step" });
    return {};
  }

  #alias(kind: string): string {
    let alias: string;
    do {
      const count = (this.#counts.get(kind) ?? 0) + 1;
      this.#counts.set(kind, count);
      alias = `${kind}${String(count)}`;
    } while (this.#labels.has(alias));
    return alias;
  }

  /** The name of what an id stands for; the id itself where nothing leads to it. */
  #reference(id: string): string {
    const { things } = this.#names;
    const named = things.find((thing) => thing.id === id);
    if (named !== undefined) return named.name;
    for (const { name, born, backups } of things) {
      const birth = born.indexOf(id);
      if (birth >= 0) return `${name}.${String(birth + 1)}`;
      const backup = backups.indexOf(id);
      if (backup >= 0) return `${name}.backup${String(backup + 1)}`;
    }
    return `${idPrefix}${id}`;
  }
}

/** Labels that a scenario can refer to. */
const namePattern = /^[A-Za-z][A-Za-z0-9 _-]{0,62}$/;

function labelsOf(trigger: JournalEntry["trigger"]): readonly string[] {
  const { label } = (trigger.kind === "command" ? trigger.command : {}) as { label?: string };
  return label === undefined ? [] : [label];
}

/** Returns the id of the first resource that the facts of a command create. */
function createdId({ facts }: JournalEntry): string | undefined {
  for (const fact of facts) {
    switch (fact.type) {
      case "GroupCreated":
        return fact.group.id;
      case "InstanceCreated":
        return fact.instance.id;
      case "ScheduleCreated":
        return fact.schedule.id;
      case "BackupCreated":
        return fact.backup.id;
      case "ConfigurationCreated":
        return fact.configuration.id;
      case "FaultInjected":
        return fact.injected.id;
      default:
    }
  }
  return undefined;
}

/** The options that differ from the default ones, and the seed. */
function worldOf(settings: Settings): WorldOf<number> {
  const world: [string, unknown][] = [["seed", settings.seed]];
  for (const key of [
    "startAt",
    "accountId",
    "region",
    "jitter",
    "rateLimits",
    "catalog",
  ] as const) {
    if (!isSame(settings[key], defaultSettings[key])) world.push([key, settings[key]]);
  }
  for (const key of ["limits", "policy", "placement"] as const) {
    const changed = differences(settings[key], defaultSettings[key]);
    if (changed !== undefined) world.push([key, changed]);
  }
  const latency = differences(settings.latency, defaultSettings.latency);
  if (latency !== undefined) {
    const durations = Object.entries(latency as Record<string, Distribution>).map(
      ([key, drawn]) => [key, fromDistribution(drawn)] as const,
    );
    world.push(["latency", Object.fromEntries(durations)]);
  }
  return Object.fromEntries(world) as WorldOf<number>;
}

function differences(own: object, base: object): object | undefined {
  const known = base as Readonly<Record<string, unknown>>;
  const changed = Object.entries(own).filter(([key, value]) => !isSame(value, known[key]));
  return changed.length === 0 ? undefined : Object.fromEntries(changed);
}

function isSame(one: unknown, other: unknown): boolean {
  return one === other || (isRecord(one) && JSON.stringify(one) === JSON.stringify(other));
}
