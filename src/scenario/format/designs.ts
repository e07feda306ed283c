import { type InputIssue, InvalidInputError } from "../../domain/errors.js";
import { isList, isRecord } from "../../domain/plainData.js";
import { memberPath } from "./compositeFields.js";
import { checkScenario } from "./parseScenario.js";
import { formatDuration } from "./quantities.js";
import type { MergePatch, Scenario } from "./scenario.js";

/** One alternative of a scenario, whole. */
export interface Design {
  readonly name: string;
  readonly scenario: Scenario;
}

/** The name of the scenario without a patch. */
export const baseDesign = "as it is";

/** Most alternatives that a grid of parameters may have. */
export const maxDesigns = 200;

/**
 * Returns the scenario as it is and every alternative: the named designs, then the grid of the parameters that vary.
 * @throws InvalidInputError with the path of the patch that does not fit
 */
export function designsOf(scenario: Scenario): readonly Design[] {
  const { designs, issues } = checkDesigns(scenario);
  if (issues.length > 0) throw new InvalidInputError(issues);
  return designs;
}

/** Returns the designs that fit, and what is wrong with the others. */
export function checkDesigns(scenario: Scenario): {
  readonly designs: readonly Design[];
  readonly issues: readonly InputIssue[];
} {
  const { designs = {}, vary = {}, ...base } = scenario;
  const found: Design[] = [{ name: baseDesign, scenario: base }];
  const issues: InputIssue[] = [];
  const add = (name: string, patched: unknown, pathOf: (field: string) => string): void => {
    const checked = checkScenario(patched);
    if (checked.scenario !== undefined) found.push({ name, scenario: checked.scenario });
    for (const issue of checked.issues) issues.push({ ...issue, field: pathOf(issue.field) });
  };
  for (const [name, patch] of Object.entries(designs)) {
    add(name, mergePatch(base, patch), (field) => `${memberPath("designs", name)}.${field}`);
  }
  const points = gridOf(vary);
  if (points.length > maxDesigns) {
    const expected = `at most ${String(maxDesigns)} combinations`;
    issues.push({ field: "vary", value: points.length, expected, rule: "scenario-vary" });
    return { designs: found, issues };
  }
  for (const point of points) {
    let patched: unknown = base;
    for (const { path, value } of point) patched = withValueAt(patched, path, value);
    const name = point.map(({ path, value }) => `${lastOf(path)} ${formatValue(value)}`).join(", ");
    const [first] = point;
    add(name, patched, () => (first === undefined ? "vary" : memberPath("vary", first.path)));
  }
  return { designs: found, issues };
}

/** Applies a JSON merge patch (RFC 7396): objects are merged, null deletes, everything else replaces. */
export function mergePatch(target: unknown, patch: MergePatch): unknown {
  const merged = new Map(Object.entries(isRecord(target) ? target : {}));
  for (const [key, part] of Object.entries(patch)) {
    if (part === null) merged.delete(key);
    else merged.set(key, isRecord(part) ? mergePatch(merged.get(key), part) : part);
  }
  return Object.fromEntries(merged);
}

interface Parameter {
  readonly path: string;
  readonly value: unknown;
}

/** Every combination of the values; none where nothing varies. */
function gridOf(vary: Readonly<Record<string, readonly unknown[]>>): readonly Parameter[][] {
  let points: Parameter[][] = [];
  for (const [path, values] of Object.entries(vary)) {
    const parameters = values.map((value) => ({ path, value }));
    points =
      points.length === 0
        ? parameters.map((parameter) => [parameter])
        : points.flatMap((point) => parameters.map((parameter) => [...point, parameter]));
    if (points.length > maxDesigns) return points;
  }
  return points;
}

/** A copy with another value at a path: `world.jitter`, `operators.on call.when.for`, `steps[0].at`. */
export function withValueAt(target: unknown, path: string, value: unknown): unknown {
  return replaced(target, path.replaceAll(/\[(\d+)\]/g, ".$1").split("."), value);
}

function replaced(target: unknown, path: readonly string[], value: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (isList(target)) {
    return target.map((part, index) =>
      String(index) === key ? replaced(part, rest, value) : part,
    );
  }
  const members = isRecord(target) ? target : {};
  return { ...members, [key]: replaced(members[key], rest, value) };
}

function lastOf(path: string): string {
  return path.slice(path.lastIndexOf(".") + 1);
}

function formatValue(value: unknown): string {
  if (typeof value === "number" && value >= 1000 && Number.isInteger(value)) {
    return formatDuration(value);
  }
  return typeof value === "string" ? value : JSON.stringify(value);
}
