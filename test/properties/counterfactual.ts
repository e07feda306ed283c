import {
  type Fact,
  type JournalEntry,
  ReplicationSimulator,
  type SimulatorOptions,
  type Trigger,
} from "replication-simulator";
import type { StepDrafts } from "../../src/testing/fast-check/stepDrafts.js";

/** A fact and the moment at which it became true. */
export interface Happening {
  readonly at: number;
  readonly fact: Fact;
}

/**
 * What happens when the commands of a journal are given again at their times, but for some that are left out, and those
 * that are refused now are passed over. What has a label has the ids and the draws that it had, whatever is left out.
 */
export function without(
  options: SimulatorOptions,
  lines: readonly JournalEntry[],
  changes: { readonly removed: ReadonlySet<number>; readonly until: number },
): readonly Happening[] {
  return again(options, lines, changes).happened;
}

/** The same, where something can be done before each command, about things that the journal does not know. */
export function again(
  options: SimulatorOptions,
  lines: readonly JournalEntry[],
  {
    removed = new Set(),
    until,
    before,
    isKnown = () => true,
  }: {
    readonly removed?: ReadonlySet<number>;
    readonly until: number;
    readonly before?: (sim: ReplicationSimulator, seq: number) => void;
    /** Whether the journal knows the thing with this id; what is due of others never holds up what it reports. */
    readonly isKnown?: (id: string) => boolean;
  },
): { readonly sim: ReplicationSimulator; readonly happened: readonly Happening[] } {
  const happened: Happening[] = [];
  const sim = new ReplicationSimulator(options);
  sim.subscribe(({ at, facts }) => {
    for (const fact of facts) happened.push({ at, fact });
  });
  let ended: Ended = { at: Number.NaN, left: [] };
  for (const line of lines) {
    const { at, trigger } = line;
    if (ended.at !== at) ended = { at, left: [] };
    if (trigger.kind !== "command") ended.left.push(keyOf(trigger));
    else if (!removed.has(line.seq)) {
      catchUp(sim, ended, isKnown);
      before?.(sim, line.seq);
      sim.account(trigger.accountId).try.execute(trigger.command);
    }
  }
  catchUp(sim, ended.at === until ? ended : { at: until, left: [] }, isKnown);
  return { sim, happened };
}

/** A draft in which whatever a command makes has a label, so that leaving another command out does not rename it. */
export function labelled(draft: StepDrafts): StepDrafts {
  return draft.map((step, index) => {
    if (typeof step === "string" || !("execute" in step)) return step;
    const { execute } = step;
    if (!creating.has(String(execute.type)) || "label" in execute) return step;
    return { ...step, execute: { ...execute, label: `act ${String(index)}` } };
  });
}

const creating: ReadonlySet<string> = new Set([
  "createInstance",
  "createReplica",
  "convertToHa",
  "createHaGroup",
  "addReplica",
  "createSchedule",
  "createBackup",
  "createConfiguration",
  "failTask",
  "injectFault",
]);

/** What had ended at a moment, and has not ended again yet. */
interface Ended {
  readonly at: number;
  readonly left: string[];
}

/** Ends what is due before a moment, and of what is due at it what had ended when the draft came to this point. */
function catchUp(
  sim: ReplicationSimulator,
  { at, left }: Ended,
  isKnown: (id: string) => boolean,
): void {
  while (sim.nextDueAt !== undefined && sim.nextDueAt < at) sim.step();
  for (let next = sim.listPendingTasks()[0]; next?.dueAt === at; next = sim.listPendingTasks()[0]) {
    const { kind, id, task } = next;
    const found = left.indexOf([kind, id, task].join(" "));
    if (found >= 0) left.splice(found, 1);
    else if (isKnown(id)) break;
    sim.step();
  }
  sim.history.replayEntries([], { until: at });
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
