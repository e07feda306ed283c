import type { DueItem } from "../kernel/eventQueue.js";
import type { JournalEntry } from "../kernel/journal.js";
import type { LatencyProfile } from "../kernel/latency.js";
import type { LifecycleTables } from "../lifecycle/compile.js";
import type { Distribution } from "../model/distributions.js";
import { InvalidInputError } from "../model/errors.js";
import { isRecord } from "../model/schema/plainData.js";
import type { Topology } from "../model/topology.js";
import { candidatesOf } from "../service/faults/randomTargets.js";
import { type PendingTask, pendingTask } from "./pending.js";

/**
 * Something that can happen next if durations are unknown: a task that ends, a fault that becomes active or is
 * repaired.
 */
export interface Choice extends PendingTask {
  /** Target of a random fault of a population; null for everything else. */
  readonly victimId: string | null;
  /** Number of equally likely choices that share one clock with this one. */
  readonly outOf: number;
  /** Distribution of the duration, without jitter; null for a given time. */
  readonly distribution: Distribution | null;
  /** Factor of the duration. */
  readonly factor: number;
}

/** Input of choices. */
export interface ChoiceContext {
  readonly topology: Topology;
  readonly lifecycle: LifecycleTables;
  readonly latency: LatencyProfile;
}

/** A choice of a world and its forks, with what is due. */
export interface OpenChoice {
  readonly choice: Choice;
  readonly due: DueItem;
}

/** What a choice would lead to. */
export interface TriedChoice<World> {
  readonly topology: Topology;
  readonly entry: JournalEntry;
  /** Makes a world in which it has happened. */
  readonly world: () => World;
}

/**
 * Returns one choice for each due item, independent of its time, and one for each possible target of a random fault of
 * a population.
 */
export function choicesOf(
  pending: readonly DueItem[],
  context: ChoiceContext,
): readonly OpenChoice[] {
  const choices: OpenChoice[] = [];
  for (const due of pending) {
    const victims = victimsOf(due, context);
    const outOf = Math.max(1, victims.length);
    if (victims.length === 0) choices.push({ due, choice: choiceOf(due, null, outOf, context) });
    for (const { id } of victims) {
      choices.push({ due, choice: choiceOf(due, id, outOf, context) });
    }
  }
  return choices;
}

/** The instances of which a random fault of a population strikes one; none for everything else. */
function victimsOf(due: DueItem, context: ChoiceContext): readonly { readonly id: string }[] {
  if (due.owner !== "fault" || due.row.phase !== "recurring") return [];
  const { fault } = due.row;
  return fault.kind === "randomAmong" ? candidatesOf(due.row, fault, context) : [];
}

function choiceOf(
  due: DueItem,
  victimId: string | null,
  outOf: number,
  { latency }: ChoiceContext,
): Choice {
  const { kind, id, task, dueAt, seq } = pendingTask(due);
  const work = "work" in due.row ? due.row.work : null;
  const distribution =
    work === null
      ? due.owner === "fault"
        ? (due.row.clock?.distribution ?? null)
        : null
      : latency[work.latency];
  const factor = work?.factor ?? 1;
  return { kind, id, task, dueAt, seq, victimId, outOf, distribution, factor };
}

/** Returns the due item of a choice. */
export function findChoice(
  choice: unknown,
  { pending, context }: { readonly pending: readonly DueItem[]; readonly context: ChoiceContext },
): { readonly due: DueItem; readonly victimId: string | null } {
  const given = isRecord(choice) ? choice : {};
  const due = pending.find(
    ({ owner, row, seq }) =>
      owner === given["kind"] && row.id === given["id"] && seq === given["seq"],
  );
  const victimId = given["victimId"] ?? null;
  const found =
    due && choicesOf([due], context).find((known) => known.choice.victimId === victimId);
  if (found !== undefined) return { due: found.due, victimId: found.choice.victimId };
  const expected = "one of the choices that there are now: call choices() again";
  throw new InvalidInputError([{ field: "choice", value: choice, expected, rule: "choice" }]);
}

/** Returns the refusal of choices in a world with a journal, whose replay could not repeat them. */
export function journalOnError(): InvalidInputError {
  const expected =
    "a world without a journal, which could not be replayed: create the simulator with journal: false";
  return new InvalidInputError([
    { field: "settings.journal", value: true, expected, rule: "choice-without-journal" },
  ]);
}
