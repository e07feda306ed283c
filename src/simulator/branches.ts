import { type InputIssue, InvalidInputError } from "../model/errors.js";
import { isRecord } from "../model/schema/plainData.js";
import { copyUntrusted } from "../service/commands/parseCommand.js";
import type { SimulatorOptions } from "./options.js";

/** Options that a fork may change. */
export type ForkOptions = Pick<
  SimulatorOptions,
  "seed" | "latency" | "jitter" | "policy" | "limits" | "rateLimits"
>;

const forkable: Readonly<Record<keyof ForkOptions, true>> = {
  seed: true,
  latency: true,
  jitter: true,
  policy: true,
  limits: true,
  rateLimits: true,
};

/** Names of the options that a fork may change; all others belong to its past. */
export const forkOptionNames = Object.keys(forkable) as readonly (keyof ForkOptions)[];

/** One future: a function that runs at once, other options, or other options and a function as `run`. */
export type BranchSpec<Simulator> =
  | ((sim: Simulator) => void)
  | (ForkOptions & {
      /** Called at once, in the future that has these options. */
      readonly run?: (sim: Simulator) => void;
    });

/** A parsed change. */
export interface Branching<Simulator> {
  readonly name: string;
  readonly options: ForkOptions;
  readonly run: ((sim: Simulator) => void) | undefined;
}

/**
 * Parses changes by name from unvalidated values.
 * @throws InvalidInputError `branch-change`
 */
export function readChanges<Simulator>(changes: unknown): readonly Branching<Simulator>[] {
  if (!isRecord(changes)) throw new InvalidInputError([issue("changes", changes, "an object")]);
  type Step = Branching<Simulator>["run"];
  const issues: InputIssue[] = [];
  const read = Object.entries(copyUntrusted(changes)).map(
    ([name, change]): Branching<Simulator> => {
      // The parameters of a function cannot be checked.
      if (typeof change === "function") return { name, options: {}, run: change as Step };
      if (!isRecord(change)) {
        issues.push(issue(name, change, "a function, or an object of options"));
        return { name, options: {}, run: undefined };
      }
      const { run, ...options } = copyUntrusted(change);
      if (run === undefined || typeof run === "function")
        return { name, options, run: run as Step };
      issues.push(issue(`${name}.run`, run, "a function"));
      return { name, options, run: undefined };
    },
  );
  if (issues.length > 0) throw new InvalidInputError(issues);
  return read;
}

/** Returns the refusal of the seed that a world already has. */
export function sameSeed(seed: unknown): InvalidInputError {
  const expected = "a seed other than that of the world, which would repeat the same future";
  return new InvalidInputError([{ field: "seed", value: seed, expected, rule: "fork-seed" }]);
}

function issue(field: string, value: unknown, expected: string): InputIssue {
  return { field, value, expected, rule: "branch-change" };
}
