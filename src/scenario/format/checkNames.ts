import type { InputIssue } from "../../model/errors.js";
import { nearestHint } from "../../model/schema/nearest.js";
import { isList, isRecord } from "../../model/schema/plainData.js";
import { checkMeasures } from "./checkMeasures.js";
import { checkPlaces } from "./checkPlaces.js";
import { checkTimes } from "./checkTimes.js";
import { memberPath } from "./compositeFields.js";
import { idFields, idPrefix } from "./references.js";

type Part = Readonly<Record<string, unknown>>;

/** Members of which a random process has exactly one: what it strikes. */
const targetMembers = ["of", "zone", "rack", "each"] as const;

/**
 * Returns what no schema can say: references to names that do not exist, figures of measures that do not exist, steps
 * that contradict each other. Takes input that was refused too, so that all problems are reported at once.
 */
export function checkNames(scenario: unknown): readonly InputIssue[] {
  const issues: InputIssue[] = [];
  const root = asPart(scenario);
  const things = Object.keys(asPart(root["topology"]));
  const steps = isList(root["steps"]) ? root["steps"].map(asPart) : [];
  const labels = steps.flatMap(({ label, alias, do: action }) =>
    [label, alias, ...memberLabels(action)].filter((name) => typeof name === "string"),
  );
  const names = [...things, ...labels];

  const reference = (value: unknown, field: string, known: readonly string[]): void => {
    if (typeof value !== "string" || value.startsWith(idPrefix)) return;
    const name = value.includes(".") ? value.slice(0, value.lastIndexOf(".")) : value;
    if (known.includes(name)) return;
    issues.push({
      field,
      value,
      expected: `the name of a thing: ${known.join(", ") || "none is defined"}${nearestHint(name, known)}`,
      rule: "scenario-reference",
    });
  };
  const oneTarget = (part: Part, field: string): void => {
    const given = targetMembers.filter((key) => part[key] !== undefined);
    if (given.length === 1) return;
    const [, second = "of"] = given;
    const expected = `exactly one of ${targetMembers.join(", ")}`;
    issues.push({
      field: `${field}.${second}`,
      value: part[second],
      expected,
      rule: "scenario-random",
    });
  };
  const action = (value: unknown, field: string): void => {
    const part = asPart(value);
    if (["random", "randomAmong"].includes(String(part["fault"]))) oneTarget(part, field);
    for (const [key, id] of Object.entries(part)) {
      if (idFields.has(key) || (key === "expect" && typeof id === "string")) {
        if (
          !(
            key === "of" &&
            id === "all" &&
            ["random", "randomAmong"].includes(String(part["fault"]))
          )
        ) {
          reference(id, `${field}.${key}`, names);
        }
      }
    }
  };

  const seen = new Set(things);
  for (const [index, step] of steps.entries()) {
    for (const key of ["label", "alias"]) {
      const value = step[key];
      if (typeof value !== "string") continue;
      if (seen.has(value)) {
        const expected = "a name that nothing else has";
        const field = `steps[${String(index)}].${key}`;
        issues.push({ field, value, expected, rule: "scenario-label" });
      }
      seen.add(value);
    }
  }
  for (const [index, step] of steps.entries()) {
    const field = `steps[${String(index)}]`;
    action(step["do"], `${field}.do`);
    if (step["at"] !== undefined && step["after"] !== undefined) {
      const expected = "left out where at is given";
      issues.push({
        field: `${field}.after`,
        value: step["after"],
        expected,
        rule: "scenario-step",
      });
    }
  }
  for (const [name, part] of entriesOf(root["random"])) {
    const field = memberPath("random", name);
    oneTarget(part, field);
    reference(part["of"], `${field}.of`, things);
  }
  for (const [name, part] of entriesOf(root["operators"])) {
    const field = memberPath("operators", name);
    reference(asPart(part["when"])["of"], `${field}.when.of`, names);
    if (isList(part["do"])) {
      for (const [i, one] of part["do"].entries()) action(one, `${field}.do[${String(i)}]`);
    }
  }
  for (const [name, part] of entriesOf(root["measures"])) {
    reference(part["of"], `${memberPath("measures", name)}.of`, things);
  }
  checkExpectations(root, { issues, things, reference });
  return [...issues, ...checkTimes(root), ...checkMeasures(root), ...checkPlaces(root)];
}

function checkExpectations(
  root: Part,
  found: {
    readonly issues: InputIssue[];
    readonly things: readonly string[];
    readonly reference: (value: unknown, field: string, known: readonly string[]) => void;
  },
): void {
  const measures = Object.keys(asPart(root["measures"]));
  const { issues, things, reference } = found;
  for (const [name, part] of entriesOf(root["expect"])) {
    const field = memberPath("expect", name);
    const isFigure = ["mean", "quantile", "share"].some((key) => part[key] !== undefined);
    if (!isFigure) {
      reference(part["of"], `${field}.of`, things);
      continue;
    }
    for (const key of ["mean", "share", "of"]) {
      const measure = part[key];
      if (typeof measure !== "string" || measures.includes(measure)) continue;
      issues.push({
        field: `${field}.${key}`,
        value: measure,
        expected: `the name of a measure: ${measures.join(", ") || "none is defined"}${nearestHint(measure, measures)}`,
        rule: "scenario-measure",
      });
    }
    if (part["atMost"] === undefined && part["atLeast"] === undefined) {
      const expected = "a bound: atMost, atLeast or both";
      issues.push({
        field: `${field}.atMost`,
        value: undefined,
        expected,
        rule: "scenario-expectation",
      });
    }
  }
}

/** Labels that a command gives to the members of a new group. */
function memberLabels(action: unknown): readonly unknown[] {
  const { source, replicas } = asPart(action);
  const members = [source, ...(isList(replicas) ? replicas : [])];
  return members.map((member) => asPart(member)["label"]);
}

function entriesOf(value: unknown): readonly (readonly [string, Part])[] {
  return Object.entries(asPart(value)).map(([name, part]) => [name, asPart(part)]);
}

function asPart(value: unknown): Part {
  return isRecord(value) ? value : {};
}
