import {
  type Fact,
  type JournalEntry,
  type OwnedKind,
  ReplicationSimulator,
  type SimulatorOptions,
  type SnapshotJson,
  type Trigger,
} from "replication-simulator";
import { restoredUnchecked } from "../rules/fixtures.js";

/** A fact and the moment at which it became true. */
export interface Happening {
  readonly at: number;
  readonly fact: Fact;
}

type Kind = OwnedKind | "faults";
type Counts = Record<Kind, number>;

/**
 * What happens when the commands of a journal are given again at their times, but for some that are left out, and those
 * that are refused now are passed over. Things get the ids and the luck that they had: whatever is left out leaves its
 * place in the order of creation empty.
 */
export function without(
  options: SimulatorOptions,
  lines: readonly JournalEntry[],
  { removed, until }: { readonly removed: ReadonlySet<number>; readonly until: number },
): readonly Happening[] {
  const happened: Happening[] = [];
  const listening = (sim: ReplicationSimulator): ReplicationSimulator => {
    sim.subscribe(({ at, facts }) => {
      for (const fact of facts) happened.push({ at, fact });
    });
    return sim;
  };
  let sim = listening(new ReplicationSimulator(options));
  const created = new Map<string, Counts>();
  let ended: Ended = { at: Number.NaN, left: [] };
  for (const line of lines) {
    const { at, trigger, facts } = line;
    if (ended.at !== at) ended = { at, left: [] };
    if (trigger.kind !== "command") ended.left.push(keyOf(trigger));
    else if (!removed.has(line.seq)) {
      catchUp(sim, ended);
      sim = withPlaces(sim, created, listening);
      sim.account(trigger.accountId).try.execute(trigger.command);
    }
    for (const fact of facts) count(created, fact);
  }
  catchUp(sim, ended.at === until ? ended : { at: until, left: [] });
  return happened;
}

/** What had ended at a moment, and has not ended again yet. */
interface Ended {
  readonly at: number;
  readonly left: string[];
}

/** Ends what is due before a moment, and of what is due at it what had ended when the story came to this point. */
function catchUp(sim: ReplicationSimulator, { at, left }: Ended): void {
  while (sim.nextDueAt !== undefined && sim.nextDueAt < at) sim.step();
  for (let next = sim.listPendingTasks()[0]; next?.dueAt === at; next = sim.listPendingTasks()[0]) {
    const { kind, id, task } = next;
    const found = left.indexOf([kind, id, task].join(" "));
    if (found < 0) break;
    left.splice(found, 1);
    sim.step();
  }
  sim.replayEntries([], { until: at });
}

function keyOf(trigger: Exclude<Trigger, { readonly kind: "command" }>): string {
  switch (trigger.kind) {
    case "task":
      return [trigger.entity, trigger.id, trigger.task].join(" ");
    case "tick":
      return ["schedule", trigger.scheduleId, null].join(" ");
    case "acknowledgement":
      return ["acknowledgement", trigger.instanceId, null].join(" ");
    case "fault":
      return ["fault", trigger.faultId, null].join(" ");
  }
}

/** The same world, in which no account gives a place that something else had in the story. */
function withPlaces(
  sim: ReplicationSimulator,
  created: ReadonlyMap<string, Counts>,
  listening: (sim: ReplicationSimulator) => ReplicationSimulator,
): ReplicationSimulator {
  const json = JSON.parse(JSON.stringify(sim.snapshot())) as SnapshotJson;
  const here = new Map(json.topology.accounts.map(({ id, created: counts }) => [id, counts]));
  // The order in which accounts were opened decides nothing.
  const accounts = [...new Set([...here.keys(), ...created.keys()])].map((id) => ({
    id,
    created: most(here.get(id) ?? none, created.get(id) ?? none),
  }));
  if (JSON.stringify(accounts) === JSON.stringify(json.topology.accounts)) return sim;
  return listening(restoredUnchecked({ ...json, topology: { ...json.topology, accounts } }));
}

const none: Counts = {
  instances: 0,
  groups: 0,
  schedules: 0,
  backups: 0,
  configurations: 0,
  faults: 0,
};

function most(one: Counts, other: Counts): Counts {
  return Object.fromEntries(
    Object.entries(one).map(([kind, number]) => [kind, Math.max(number, other[kind as Kind])]),
  ) as Counts;
}

function count(created: Map<string, Counts>, fact: Fact): void {
  const row = createdBy(fact);
  if (row === undefined) return;
  const counts = created.get(row.accountId) ?? none;
  created.set(row.accountId, { ...counts, [row.kind]: counts[row.kind] + 1 });
}

function createdBy(fact: Fact): { readonly kind: Kind; readonly accountId: string } | undefined {
  switch (fact.type) {
    case "InstanceCreated":
      return { kind: "instances", accountId: fact.instance.accountId };
    case "GroupCreated":
      return { kind: "groups", accountId: fact.group.accountId };
    case "ScheduleCreated":
      return { kind: "schedules", accountId: fact.schedule.accountId };
    case "BackupCreated":
      return { kind: "backups", accountId: fact.backup.accountId };
    case "FaultInjected":
      return { kind: "faults", accountId: fact.injected.accountId };
    case "ConfigurationCreated":
      return { kind: "configurations", accountId: fact.configuration.accountId };
    default:
      return undefined;
  }
}
