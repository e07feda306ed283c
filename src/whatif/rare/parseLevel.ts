import { InvalidInputError } from "../../model/errors.js";
import { conditionBounds } from "../../scenario/format/conditionFields.js";
import { formatDuration, parseDuration } from "../../scenario/format/quantities.js";
import { type ConditionOf, conditionKinds } from "../../scenario/format/scenario.js";
import { assertAccepted } from "../assertInput.js";
import type { RareLevel } from "./rareLevel.js";

/**
 * Parses a level as the command line takes it: `copies`, or conditions of a thing such as `lagAbove=10s`, `degraded=1` and
 * `replicationBroken`. The level is the number of those that hold.
 * @throws InvalidInputError `rare-level`
 */
export function parseLevel(texts: readonly string[], of: string): RareLevel {
  const isList = Array.isArray(texts) && texts.every((text) => typeof text === "string");
  assertAccepted(isList, texts, { field: "level", expected: "a list of conditions as text" });
  if (texts.length === 0 || (texts.length === 1 && texts[0] === "copies")) return "copies";
  return texts.map((text) => parseCondition(text, of));
}

/** Returns a level as the command line takes it. */
export function levelTexts(level: RareLevel): readonly string[] {
  if (level === "copies") return [level];
  return level.map(({ condition, copies, limit }) => {
    if (copies !== undefined) return `${condition}=${String(copies)}`;
    return limit === undefined ? condition : `${condition}=${formatDuration(limit)}`;
  });
}

function parseCondition(text: string, of: string): ConditionOf<number> {
  const sign = text.indexOf("=");
  const name = sign === -1 ? text : text.slice(0, sign);
  const bound = sign === -1 ? undefined : text.slice(sign + 1);
  const condition = conditionKinds.find((kind) => kind === name);
  const refuse = (expected: string): never => {
    throw new InvalidInputError([{ field: "level", value: text, expected, rule: "rare-level" }]);
  };
  if (condition === undefined) {
    return refuse(`copies alone, or conditions: ${conditionKinds.join(", ")}`);
  }
  const kind = conditionBounds[condition];
  if (kind === undefined) {
    return bound === undefined ? { condition, of } : refuse(`${condition} without a bound`);
  }
  if (kind === "copies") {
    if (bound === undefined) return { condition, of };
    return /^\d{1,3}$/.test(bound)
      ? { condition, of, copies: Number(bound) }
      : refuse(`${condition}=COPIES, a whole number`);
  }
  const limit = parseDuration(bound);
  return limit === undefined
    ? refuse(`${condition}=DURATION, such as ${condition}=10s`)
    : { condition, of, limit };
}
