import { InvalidInputError } from "../../model/errors.js";
import { documentedLimits } from "../../model/limits.js";
import {
  nonEmptyString,
  type OptionRule,
  type OptionRules,
  oneOf,
  parseOptions,
  wholeFrom,
} from "../../model/schema/entryPointOptions.js";
import type { ParseContext } from "../../model/schema/fields.js";
import { nearestHint } from "../../model/schema/nearest.js";
import { isList } from "../../model/schema/plainData.js";
import { conditionField } from "../../scenario/format/conditionFields.js";
import { parseReference } from "../../scenario/format/references.js";
import type { ConditionOf, Scenario } from "../../scenario/format/scenario.js";
import { type Engine, engines } from "../compiled/engine.js";
import type { RareLevel } from "./rareLevel.js";
import { type RareMethod, rareMethods } from "./rareScenario.js";

/** Plan of an estimate. */
export interface RarePlan {
  /** The name of an expectation: `never`, or a share of futures above a bound. Default: the only one. */
  readonly event?: string;
  /** Default: the scenario as it is. */
  readonly design?: string;
  /** Default `copies`: copies that are missing. */
  readonly level?: RareLevel;
  /** Default `forced`. */
  readonly method?: RareMethod;
  /** Roots at most. Default 20,000. */
  readonly roots?: number;
  /** Default 0. */
  readonly firstSeed?: number;
  /** Ends earlier, at doubling checkpoints, when the probability is known to this share. Default 0.1; null: all roots. */
  readonly until?: number | null;
  /** Copies at each departure and each higher level, of forced excursions. Default 4. */
  readonly copies?: number;
  /** Scale of the time to the next failure, in ms. Default: twice the mean length of an excursion, from a pilot. */
  readonly scaleMs?: number;
  /** `compiled`: from tables of states, refused where that is not possible. Default `auto`: where it is. */
  readonly engine?: Engine;
  /** Shape of that time. Default 1. */
  readonly shape?: number;
  /** Factors of RESTART, from level 1 on. Default: from a pilot. */
  readonly factors?: readonly number[];
  readonly shardSize?: number;
}

const rule = "rare-plan";

/** Copies of a root at most: more take longer than more roots and gain less. */
const copiesMax = 10_000;
/** Levels at most that have a factor. */
const levelsMax = 100;

const positive: OptionRule = {
  expected: "a number over 0",
  accepts: (value) => typeof value === "number" && value > 0 && Number.isFinite(value),
};

const factor = wholeFrom(1, copiesMax);

const rules: OptionRules<RarePlan> = {
  event: nonEmptyString,
  design: nonEmptyString,
  level: {
    expected: "copies, or a list of conditions { condition, of }",
    accepts: (value) => value === "copies" || (isList(value) && value.length > 0),
  },
  method: oneOf(...rareMethods),
  roots: wholeFrom(1),
  firstSeed: wholeFrom(0),
  until: {
    expected: "a share of the probability over 0, such as 0.1, or null for all roots",
    accepts: (value) => value === null || positive.accepts(value),
  },
  // A share of a copy would be run whole and counted in part.
  copies: wholeFrom(1, copiesMax),
  // Durations are whole ms.
  scaleMs: {
    expected: "a number of at least 1",
    accepts: (value) => positive.accepts(value) && (value as number) >= 1,
  },
  engine: oneOf(...engines),
  shape: positive,
  factors: {
    expected: `a list of at most ${String(levelsMax)} integers from 1 to ${String(copiesMax)}`,
    accepts: (value) =>
      isList(value) && value.length <= levelsMax && value.every((one) => factor.accepts(one)),
  },
  shardSize: wholeFrom(1),
};

/**
 * Returns a plan whose values have been checked, without undefined ones.
 * @throws InvalidInputError `rare-plan` with every value that cannot be, `known-field` for an unknown name
 */
export function parseRarePlan(plan: RarePlan): RarePlan {
  const words: Readonly<Record<string, readonly string[]>> = {
    method: rareMethods,
    engine: engines,
    level: ["copies"],
  };
  const hinted = Object.entries(rules).map(([name, demand]): [string, OptionRule] => {
    const value: unknown = (plan as Readonly<Record<string, unknown>> | null)?.[name];
    const known = words[name];
    if (known === undefined || typeof value !== "string") return [name, demand];
    return [name, { ...demand, expected: `${demand.expected}${nearestHint(value, known)}` }];
  });
  const parsed = parseOptions(plan, Object.fromEntries(hinted) as OptionRules<RarePlan>, {
    field: "plan",
    rule,
  });
  const { level } = parsed;
  return level === undefined ? parsed : { ...parsed, level: parseConditions(level) };
}

function parseConditions(level: RareLevel): RareLevel {
  if (level === "copies") return level;
  const reading: ParseContext = { limits: documentedLimits, issues: [] };
  const conditions = level.map((one, at) =>
    conditionField.read(one, `level[${String(at)}]`, reading),
  );
  if (reading.issues.length > 0) throw new InvalidInputError(reading.issues);
  return conditions as readonly ConditionOf<number>[];
}

/**
 * Refuses a level of things that a scenario does not have.
 * @throws InvalidInputError `rare-plan`
 */
export function assertLevelOf({ topology = {} }: Scenario, level: RareLevel): void {
  if (level === "copies") return;
  const things = Object.keys(topology);
  for (const [at, { of }] of level.entries()) {
    const { name } = parseReference(of);
    if (things.includes(name)) continue;
    const expected = `the name of a thing: ${things.join(", ")}${nearestHint(name, things)}`;
    throw new InvalidInputError([{ field: `level[${String(at)}].of`, value: of, expected, rule }]);
  }
}
