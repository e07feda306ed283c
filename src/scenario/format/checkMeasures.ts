import type { InputIssue } from "../../model/errors.js";
import { isList, isRecord } from "../../model/schema/plainData.js";
import { memberPath } from "./compositeFields.js";
import { measuresOfWholeThings, measuresOfWrites } from "./measureSets.js";
import { parseReference } from "./references.js";

type Part = Readonly<Record<string, unknown>>;

// Checked before it is known which names exist: a member of these sets is looked for among values of any kind.
const ofWrites: ReadonlySet<unknown> = measuresOfWrites;
const ofWholeThings: ReadonlySet<unknown> = measuresOfWholeThings;

/** Returns the measures and conditions that could say nothing but 0, whatever happens. */
export function checkMeasures(root: Part): readonly InputIssue[] {
  const issues: InputIssue[] = [];
  const topology = asPart(root["topology"]);
  const isWritten = (name: string): boolean => asPart(topology[name])["writes"] !== undefined;
  const setsWorkload = actionsOf(root).some(({ command }) => command === "setWorkload");
  for (const [name, { measure, of }] of entriesOf(root["measures"])) {
    const field = memberPath("measures", name);
    const add = (key: string, value: unknown, expected: string): void => {
      issues.push({ field: `${field}.${key}`, value, expected, rule: "scenario-measure" });
    };
    if (of !== undefined && measure === "refused") {
      add("of", of, "left out: refused commands of all steps and operators count");
      continue;
    }
    if (typeof of === "string") {
      const expected = partIssue(of, { measure, topology });
      if (expected !== undefined) add("of", of, expected);
    }
    const things = typeof of === "string" ? [parseReference(of).name] : Object.keys(topology);
    if (ofWrites.has(measure) && !setsWorkload && !things.some(isWritten)) {
      add("measure", measure, `one that needs no writes, or ${exampleOfWrites} at the thing`);
    }
  }
  for (const { field, key, condition, part } of conditionsOf(root)) {
    const { of } = part;
    if (typeof of !== "string") continue;
    const { name } = parseReference(of);
    if (!isWhole(of)) {
      const expected = `a thing as a whole: ${name}`;
      issues.push({ field: `${field}.of`, value: of, expected, rule: "scenario-reference" });
    } else if (condition === "lagAbove" && name in topology && !setsWorkload && !isWritten(name)) {
      const expected = `one that needs no writes, or ${exampleOfWrites} at ${name}`;
      issues.push({
        field: `${field}.${key}`,
        value: condition,
        expected,
        rule: "scenario-measure",
      });
    }
  }
  return issues;
}

const exampleOfWrites = "writes: { perSecond: 100 }";

/** Returns what a measure may refer to, if it does not. */
function partIssue(
  of: string,
  { measure, topology }: { readonly measure: unknown; readonly topology: Part },
): string | undefined {
  if (isWhole(of)) return undefined;
  const { name, born } = parseReference(of);
  if (!(name in topology)) return undefined;
  if (ofWholeThings.has(measure)) return `a thing as a whole: ${name}`;
  const { kind, replicas } = asPart(topology[name]);
  const planned = typeof replicas === "number" ? replicas : kind === "instance" ? 0 : 1;
  if (born !== undefined && born <= planned + 1) return undefined;
  const instances =
    planned === 0 ? `${name}.1` : `${name}.1 to ${name}.${String(planned + 1)}, the source first`;
  return `${name}, or an instance that exists at time 0: ${instances}`;
}

function isWhole(of: string): boolean {
  const { role, replica, born, backup } = parseReference(of);
  const isPart = replica !== undefined || born !== undefined || backup !== undefined;
  return !isPart && (role === undefined || role === "all" || role === "any");
}

/** A condition where a scenario names it: its path, and the key beneath which its kind stands. */
interface ConditionPart {
  readonly field: string;
  readonly key: "condition" | "never" | "holds";
  readonly condition: unknown;
  /** The object that it stands in. */
  readonly part: Part;
}

function conditionsOf(root: Part): readonly ConditionPart[] {
  const operators = entriesOf(root["operators"]).map(([name, operator]): ConditionPart => {
    const part = asPart(operator["when"]);
    const field = `${memberPath("operators", name)}.when`;
    return { field, key: "condition", condition: part["condition"], part };
  });
  const expected = entriesOf(root["expect"]).flatMap(([name, part]): readonly ConditionPart[] => {
    const field = memberPath("expect", name);
    const key = part["never"] === undefined ? "holds" : "never";
    const condition = part[key];
    return condition === undefined ? [] : [{ field, key, condition, part }];
  });
  return [...operators, ...expected];
}

function actionsOf(root: Part): readonly Part[] {
  const steps = isList(root["steps"])
    ? root["steps"].map((step) => asPart(asPart(step)["do"]))
    : [];
  const reactions = entriesOf(root["operators"]).flatMap(([, operator]) =>
    isList(operator["do"]) ? operator["do"].map(asPart) : [],
  );
  return [...steps, ...reactions];
}

function entriesOf(value: unknown): readonly (readonly [string, Part])[] {
  return Object.entries(asPart(value)).map(([name, part]) => [name, asPart(part)]);
}

function asPart(value: unknown): Part {
  return isRecord(value) ? value : {};
}
