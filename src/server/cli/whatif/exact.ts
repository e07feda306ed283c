import { InvalidInputError } from "../../../domain/errors.js";
import { maxSolvedStates, solveScenario } from "../../../whatif/exact/exactAnswer.js";
import { defaultMaxStates, exploreScenario, wayTo } from "../../../whatif/exact/stateSpace.js";
import type { CliIo } from "../terminal.js";
import { exitCodes, readScenarioFile } from "./files.js";

/** Flags of `whatif reachable`. */
export interface ReachableFlags {
  readonly states?: number;
  readonly faults?: number;
}

/** Prints what a scenario can reach, and the shortest way to each condition that must never hold. */
export async function printReachable(
  file: string,
  flags: ReachableFlags,
  terminal: CliIo,
): Promise<number> {
  const scenario = await readScenarioFile(file, terminal);
  if (scenario === undefined) return exitCodes.badFile;
  const { states: maxStates = defaultMaxStates, faults: maxFaults } = flags;
  const faults = maxFaults === undefined ? "any number of" : `at most ${String(maxFaults)}`;
  await terminal.out(`at most ${String(maxStates)} states, some 10 kB each; ${faults} faults\n`);
  return refusing(terminal, async () => {
    const space = exploreScenario(scenario, {
      maxStates,
      ...(maxFaults === undefined ? {} : { maxFaults }),
    });
    await terminal.out(`${String(space.states.length)} states\n`);
    let isBroken = false;
    for (const name of space.watched) {
      const at = space.states.findIndex(({ holds }) => holds.has(name));
      if (at < 0) await terminal.out(`${name}: HOLDS in every state\n`);
      else {
        isBroken = true;
        const way = wayTo(space, at).map((event) => `  ${event}\n`);
        await terminal.out(`${name}: BROKEN after ${String(way.length)} events\n${way.join("")}`);
      }
    }
    return isBroken ? exitCodes.notMet : exitCodes.met;
  });
}

/** Prints exact probabilities of what must never happen. */
export async function printExact(file: string, terminal: CliIo): Promise<number> {
  const scenario = await readScenarioFile(file, terminal);
  if (scenario === undefined) return exitCodes.badFile;
  await terminal.out(`at most ${String(maxSolvedStates)} states, exponential durations\n`);
  return refusing(terminal, async () => {
    const { states, transitions, figures } = solveScenario(scenario);
    await terminal.out(`${String(states)} states, ${String(transitions)} transitions\n`);
    for (const { name, probability, longRunShare } of figures) {
      const share = longRunShare === null ? "none" : longRunShare.toExponential(6);
      await terminal.out(
        `${name}: within the horizon ${probability.toExponential(6)}; share of time in the long run ${share}\n`,
      );
    }
    return exitCodes.met;
  });
}

async function refusing(terminal: CliIo, run: () => Promise<number>): Promise<number> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    terminal.err(`${error.message}\n`);
    return exitCodes.badFile;
  }
}
