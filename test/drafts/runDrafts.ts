import type { Command } from "../../src/model/commandTypes.js";
import { type InputIssue, InvalidInputError, ReplicationError } from "../../src/model/errors.js";
import type { Result } from "../../src/simulator/methods/result.js";
import type { RuntimeHooks } from "../../src/simulator/options.js";
import type { SnapshotJson } from "../../src/simulator/serialization.js";
import { ReplicationSimulator } from "../../src/simulator.js";
import type { StepDraft, StepDrafts } from "../../src/testing/fast-check/stepDrafts.js";
import { resolved } from "./references.js";

/** An act that is about to be played. */
export interface DraftContext {
  readonly act: StepDraft;
  /** Place in the story, from 0. */
  readonly index: number;
  /** The world that the act is played in. */
  readonly sim: ReplicationSimulator;
  /** Who acts. */
  readonly accountId: string;
  /** The command with its references resolved; undefined for a move of time. Malformed where the act is. */
  readonly command: Command | undefined;
}

/** An act that was played. */
export interface DraftOutcome extends DraftContext {
  /** What the act gave; for a refused one the refusal, and nothing has changed. */
  readonly result: Result<unknown>;
  /** The world that the story goes on in: another one after a fork or a restore, else `sim`. */
  readonly next: ReplicationSimulator;
}

/** Who looks on while a story is played; whatever they throw ends it. */
export interface DraftListeners {
  /** Functions that no snapshot can hold (`ids`, `interpreter`): given to every world that a story restores. */
  readonly live?: RuntimeHooks;
  /** Called before each act, in the world that it is played in. */
  readonly beforeAct?: (scene: DraftContext) => void;
  /** Called after each act, with what it gave. */
  readonly onAct?: (scene: DraftOutcome) => void;
}

/**
 * Plays a story. Refusals are part of it and do not end it; any other error does.
 * @returns the world in which the story ended: `sim` itself unless there was a fork or a restore
 * @throws InvalidInputError `story-act` for an act that is none
 */
export function runDrafts(
  sim: ReplicationSimulator,
  story: StepDrafts,
  { live = {}, beforeAct, onAct }: DraftListeners = {},
): ReplicationSimulator {
  let world = sim;
  for (const [index, act] of story.entries()) {
    const scene = sceneOf(world, act, index);
    beforeAct?.(scene);
    const result = attempt(() => handleRequest(scene, live));
    const next = result.ok && result.value instanceof ReplicationSimulator ? result.value : world;
    onAct?.({ ...scene, result, next });
    world = next;
  }
  return world;
}

function sceneOf(sim: ReplicationSimulator, act: StepDraft, index: number): DraftContext {
  if (!isAct(act)) throw new InvalidInputError([noAct(act, index)]);
  if (typeof act === "string" || !("execute" in act)) {
    return { act, index, sim, accountId: sim.accountId, command: undefined };
  }
  // What a story says may be malformed on purpose; the simulator is there to find out.
  const command = resolved(sim, act) as unknown as Command;
  return { act, index, sim, accountId: act.by ?? sim.accountId, command };
}

function isAct(act: unknown): boolean {
  if (typeof act === "string") return act === "step" || act === "settle" || act === "restore";
  if (typeof act !== "object" || act === null) return false;
  if ("advance" in act || "fork" in act) return true;
  return "execute" in act && typeof act.execute === "object" && act.execute !== null;
}

function noAct(value: unknown, index: number): InputIssue {
  const expected =
    'a command to execute, { advance: ms }, { fork: {} }, "step", "settle" or "restore"';
  return { field: `story[${String(index)}]`, value, expected, rule: "story-act" };
}

function handleRequest(
  { act, sim, accountId, command }: DraftContext,
  live: RuntimeHooks,
): unknown {
  if (command !== undefined) return sim.account(accountId).execute(command);
  if (act === "step") return sim.step();
  if (act === "restore") {
    return ReplicationSimulator.restore(
      JSON.parse(JSON.stringify(sim.snapshot())) as SnapshotJson,
      live,
    );
  }
  if (act === "settle") sim.settle();
  else if ("advance" in act) sim.advance(act.advance);
  else if ("fork" in act) return sim.fork(act.fork);
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
