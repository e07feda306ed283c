import { InvalidInputError } from "../model/errors.js";
import { record } from "../model/schema/compositeFields.js";
import { integer, optional } from "../model/schema/fields.js";
import { isRecord } from "../model/schema/plainData.js";
import { copyUntrusted, readValue } from "../service/commands/parseCommand.js";
import type { Settings } from "./options.js";

/** Options of one call that moves time, with a condition for any kind of simulator. */
interface UntilOptions<Until> {
  readonly maxSteps?: number;
  readonly until?: Until;
}

/** Limits of one call that moves time, without the condition. */
const stepOptions = record<{ readonly maxSteps?: number }>({
  rule: "step-options",
  source: "§6",
  of: {
    maxSteps: optional(
      integer({ rule: "steps-max", source: "§6", min: 1, max: Number.MAX_SAFE_INTEGER }),
    ),
  },
});

/**
 * Takes the condition out of options that were not validated yet.
 * @returns the condition, and the other options for `maxStepsOf`
 * @throws InvalidInputError `step-options`
 */
export function readUntil<Until>(options: UntilOptions<Until>): {
  readonly until?: Until;
  readonly bounds: { readonly maxSteps?: number };
} {
  if (!isRecord(options)) return { bounds: options };
  const { until, ...bounds }: UntilOptions<Until> = copyUntrusted(options);
  if (until === undefined) return { bounds };
  if (typeof until === "function") return { until, bounds };
  const expected = "a function";
  throw new InvalidInputError([
    { field: "options.until", value: until, expected, rule: "step-options" },
  ]);
}

/**
 * Returns the largest number of steps of a call.
 * @throws InvalidInputError `step-options`, `steps-max`
 */
export function maxStepsOf(
  options: { readonly maxSteps?: number } | undefined,
  settings: Settings,
): number {
  const { limits, maxSteps } = settings;
  if (options === undefined) return maxSteps;
  return readValue(stepOptions, options, { path: "options", limits }).maxSteps ?? maxSteps;
}
