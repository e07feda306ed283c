import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { InvalidInputError } from "../../../model/errors.js";
import { formatScenario } from "../../../scenario/file/formatScenario.js";
import { baseDesign, designsOf } from "../../../scenario/format/designs.js";
import { formatDuration } from "../../../scenario/format/quantities.js";
import { shrink } from "../../../whatif/shrink/shrink.js";
import { shrunkTest } from "../../../whatif/shrink/shrunkTest.js";
import type { CliIo } from "../terminal.js";
import { exitCodeOf, exitCodes, figuresOfMany, undecidedLines } from "./exitCodes.js";
import { openDataFile } from "./files.js";
import { folded } from "./folded.js";
import { type VaryFlags, variedScenario } from "./varyFlags.js";

/** Flags of `whatif shrink`. */
export interface ShrinkFlags extends VaryFlags {
  readonly seed: number;
  readonly design?: string;
  readonly expect?: string;
  readonly out?: string;
}

/** Runs something; "refused" after what it refuses was printed. */
function refusing<T>(terminal: CliIo, run: () => T): T | "refused" {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    terminal.err(folded(`${error.message}\n`));
    return "refused";
  }
}

/** Shrinks a failing future of a file. */
export async function shrinkFile(
  file: string,
  flags: ShrinkFlags,
  terminal: CliIo,
): Promise<number> {
  const source = await openDataFile(file, terminal);
  const scenario = source && variedScenario(source.scenario, flags, terminal);
  if (source === undefined || scenario === undefined) return exitCodes.badFile;
  const { design = baseDesign, seed, expect } = flags;
  const designs = designsOf(scenario);
  const chosen = designs.find(({ name }) => name === design);
  if (chosen === undefined) {
    terminal.err(
      `design ${design} not found; allowed: ${designs.map(({ name }) => name).join(", ")}\n`,
    );
    return exitCodes.badFile;
  }
  terminal.endOnInterrupt?.();
  const options = { own: source.own, ...(expect === undefined ? {} : { expectation: expect }) };
  const shrunk = refusing(terminal, () => shrink(chosen.scenario, seed, options));
  if (shrunk === "refused") return exitCodes.badFile;
  if (shrunk === undefined) {
    const undecided = figuresOfMany(chosen.scenario).filter(
      ({ name }) => expect === undefined || name === expect,
    );
    const broken = expect === undefined ? "no expectation" : `not ${expect}`;
    await terminal.out(
      `seed ${String(seed)} breaks ${broken}; whatif run names seeds that do\n${undecidedLines(undecided)}`,
    );
    return exitCodeOf(undecided.map(() => "undecided"));
  }
  const text = formatScenario(shrunk.scenario);
  const { failure, runs } = shrunk;
  const at = formatDuration(failure.at);
  await terminal.out(
    `${text}# seed ${String(shrunk.seed)} breaks ${failure.expectation}, ${at} after time 0: ${failure.message} (${String(runs)} runs)\n`,
  );
  if (flags.out !== undefined) {
    await mkdir(flags.out, { recursive: true });
    await writeFile(join(flags.out, "shrunk.yaml"), text);
    await writeFile(join(flags.out, "shrunk.test.ts"), shrunkTest(shrunk, "shrunk.yaml"));
  }
  return exitCodes.notMet;
}
