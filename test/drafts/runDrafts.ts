import type { Command } from "../../src/model/commandTypes.js";
import { type InputIssue, InvalidInputError, ReplicationError } from "../../src/model/errors.js";
import type { Result } from "../../src/simulator/methods/result.js";
import type { RuntimeHooks } from "../../src/simulator/options.js";
import type { SnapshotJson } from "../../src/simulator/serialization.js";
import { ReplicationSimulator } from "../../src/simulator.js";
import type { StepDraft, StepDrafts } from "../../src/testing/fast-check/stepDrafts.js";
import { resolved } from "./references.js";

/** A step that is about to be run. */
export interface DraftContext {
  readonly step: StepDraft;
  /** Place in the draft, from 0. */
  readonly index: number;
  /** The world that the step is run in. */
  readonly sim: ReplicationSimulator;
  /** Who acts. */
  readonly accountId: string;
  /** The command with its references resolved; undefined for a move of time. Malformed where the step is. */
  readonly command: Command | undefined;
}

/** A step that was run. */
export interface DraftOutcome extends DraftContext {
  /** What the step gave; for a refused one the refusal, and nothing has changed. */
  readonly result: Result<unknown>;
  /** The world that the draft goes on in: another one after a fork or a restore, else `sim`. */
  readonly next: ReplicationSimulator;
}

/** Observers of a draft while it runs; an error of theirs ends it. */
export interface DraftListeners {
  /** Functions that no snapshot can hold (`ids`, `interpreter`): given to every world that a draft restores. */
  readonly live?: RuntimeHooks;
  /** Called before each step, in the world that it is run in. */
  readonly beforeStep?: (context: DraftContext) => void;
  /** Called after each step, with what it gave. */
  readonly onStep?: (context: DraftOutcome) => void;
}

/**
 * Runs a draft. Refusals are part of it and do not end it; any other error does.
 * @returns the world in which the draft ended: `sim` itself unless there was a fork or a restore
 * @throws InvalidInputError `draft-step` for a step that is none
 */
export function runDrafts(
  sim: ReplicationSimulator,
  draft: StepDrafts,
  { live = {}, beforeStep, onStep }: DraftListeners = {},
): ReplicationSimulator {
  let world = sim;
  for (const [index, step] of draft.entries()) {
    const context = contextOf(world, step, index);
    beforeStep?.(context);
    const result = attempt(() => handleRequest(context, live));
    const next = result.ok && result.value instanceof ReplicationSimulator ? result.value : world;
    onStep?.({ ...context, result, next });
    world = next;
  }
  return world;
}

function contextOf(sim: ReplicationSimulator, step: StepDraft, index: number): DraftContext {
  if (!isStep(step)) throw new InvalidInputError([invalidStep(step, index)]);
  if (typeof step === "string" || !("execute" in step)) {
    return { step, index, sim, accountId: sim.accountId, command: undefined };
  }
  // What a draft says may be malformed on purpose; the simulator is there to find out.
  const command = resolved(sim, step) as unknown as Command;
  return { step, index, sim, accountId: step.by ?? sim.accountId, command };
}

function isStep(step: unknown): boolean {
  if (typeof step === "string") return step === "step" || step === "settle" || step === "restore";
  if (typeof step !== "object" || step === null) return false;
  if ("advance" in step || "fork" in step) return true;
  return "execute" in step && typeof step.execute === "object" && step.execute !== null;
}

function invalidStep(value: unknown, index: number): InputIssue {
  const expected =
    'a command to execute, { advance: ms }, { fork: {} }, "step", "settle" or "restore"';
  return { field: `draft[${String(index)}]`, value, expected, rule: "draft-step" };
}

function handleRequest(
  { step, sim, accountId, command }: DraftContext,
  live: RuntimeHooks,
): unknown {
  if (command !== undefined) return sim.account(accountId).execute(command);
  if (step === "step") return sim.step();
  if (step === "restore") {
    return ReplicationSimulator.restore(
      JSON.parse(JSON.stringify(sim.snapshot())) as SnapshotJson,
      live,
    );
  }
  if (step === "settle") sim.settle();
  else if ("advance" in step) sim.advance(step.advance);
  else if ("fork" in step) return sim.fork(step.fork);
  return undefined;
}

function attempt(action: () => unknown): Result<unknown> {
  try {
    return { ok: true, value: action() };
  } catch (error) {
    if (error instanceof ReplicationError) return { ok: false, error };
    throw error;
  }
}
