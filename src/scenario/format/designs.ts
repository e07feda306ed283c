import { type InputIssue, InvalidInputError } from "../../model/errors.js";
import { assertParts } from "../../model/schema/argument.js";
import { isList, isRecord } from "../../model/schema/plainData.js";
import { assertScenario } from "./assertScenario.js";
import { memberPath } from "./compositeFields.js";
import { isDurationPath, lastMember } from "./durationMembers.js";
import { checkScenario } from "./parseScenario.js";
import { formatDuration } from "./quantities.js";
import { baseDesign, type MergePatch, type Scenario } from "./scenario.js";
import { type Parameter, varyPoints } from "./vary.js";

export { baseDesign };

/** One alternative of a scenario, whole. */
export interface Design {
  readonly name: string;
  readonly scenario: Scenario;
  /** The values of the parameters that vary; undefined for the scenario as it is and for named designs. */
  readonly point?: readonly Parameter[];
}

/**
 * Returns the scenario as it is and every alternative: the named designs, then the grid of the parameters that vary.
 * @throws InvalidInputError with the path of the patch that does not fit
 */
export function designsOf(scenario: Scenario): readonly Design[] {
  assertScenario(scenario);
  const { designs, issues } = checkDesigns(scenario);
  if (issues.length > 0) throw new InvalidInputError(issues);
  return designs;
}

/** Returns the designs that fit, and what is wrong with the others. */
export function checkDesigns(scenario: Scenario): {
  readonly designs: readonly Design[];
  readonly issues: readonly InputIssue[];
} {
  const { designs = {}, vary: _, samples: __, ...base } = scenario;
  const found: Design[] = [{ name: baseDesign, scenario: base }];
  const issues: InputIssue[] = [];
  const add = (
    name: string,
    patched: unknown,
    pathOf: (field: string) => string,
    about: Pick<Design, "point"> = {},
  ): void => {
    const checked = checkScenario(patched);
    if (checked.scenario !== undefined) found.push({ name, scenario: checked.scenario, ...about });
    const wrong = [...checked.issues, ...otherMeasures(base, checked.scenario)];
    for (const issue of wrong) issues.push({ ...issue, field: pathOf(issue.field) });
  };
  for (const [name, patch] of Object.entries(designs)) {
    add(name, mergePatch(base, patch), (field) => `${memberPath("designs", name)}.${field}`);
  }
  const { points, issues: wrong } = varyPoints(scenario);
  issues.push(...wrong);
  for (const point of points) {
    let patched: unknown = base;
    for (const { path, value } of point) patched = withValueAt(patched, path, value);
    const name = uniqueName(nameOf(point), found);
    const [first] = point;
    const path = first === undefined ? "vary" : memberPath("vary", first.path);
    add(name, patched, () => path, { point });
  }
  return { designs: found, issues };
}

/** Returns what keeps a design from being compared: a measure that is missing, that only it has, or of another kind. */
function otherMeasures(
  { measures: known = {} }: Scenario,
  design: Scenario | undefined,
): readonly InputIssue[] {
  if (design === undefined) return [];
  const { measures = {} } = design;
  return [...new Set([...Object.keys(known), ...Object.keys(measures)])].flatMap((name) => {
    const kind = measures[name]?.measure;
    const expected = known[name]?.measure;
    if (kind === expected) return [];
    const wanted =
      expected === undefined
        ? "no measure of its own, since designs are compared; add it to the scenario"
        : `measure ${expected}, as without the patch, since designs are compared`;
    const field = memberPath("measures", name);
    return [{ field, value: kind, expected: wanted, rule: "scenario-design" }];
  });
}

/** Applies a JSON merge patch (RFC 7396): objects are merged, null deletes, everything else replaces. */
export function mergePatch(target: unknown, patch: MergePatch): unknown {
  assertParts(patch, { field: "patch", expected: "a JSON merge patch", rule: "scenario-design" });
  const merged = new Map(Object.entries(isRecord(target) ? target : {}));
  for (const [key, part] of Object.entries(patch)) {
    if (part === null) merged.delete(key);
    else merged.set(key, isRecord(part) ? mergePatch(merged.get(key), part) : part);
  }
  return Object.fromEntries(merged);
}

/** A copy with another value at a path: `world.jitter`, `operators.on call.when.for`, `steps[0].at`. */
export function withValueAt(target: unknown, path: string, value: unknown): unknown {
  return replaced(target, pathKeys(path), value);
}

/** Returns the value at a path, as `withValueAt` takes it; undefined where there is none. */
export function valueAt(target: unknown, path: string): unknown {
  return pathKeys(path).reduce<unknown>((part, key) => {
    if (isList(part)) return part[Number(key)];
    return isRecord(part) && Object.hasOwn(part, key) ? part[key] : undefined;
  }, target);
}

function pathKeys(path: string): readonly string[] {
  return path.replaceAll(/\[(\d+)\]/g, ".$1").split(".");
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

function nameOf(point: readonly Parameter[]): string {
  return point.map((parameter) => `${lastMember(parameter.path)} ${valueOf(parameter)}`).join(", ");
}

function uniqueName(name: string, designs: readonly Design[]): string {
  const taken = new Set(designs.map((design) => design.name));
  if (!taken.has(name)) return name;
  let number = designs.filter((design) => design.name.startsWith(name)).length + 1;
  while (taken.has(`${name} (${String(number)})`)) number += 1;
  return `${name} (${String(number)})`;
}

function valueOf({ path, value }: Parameter): string {
  if (typeof value === "number" && Number.isInteger(value) && isDurationPath(path)) {
    return formatDuration(value);
  }
  return typeof value === "string" ? value : JSON.stringify(value);
}
