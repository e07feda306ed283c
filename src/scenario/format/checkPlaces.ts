import type { InputIssue } from "../../model/errors.js";
import { isList, isRecord } from "../../model/schema/plainData.js";
import {
  defaultPlacement,
  type PlacementSettings,
  racksOf,
  type Zone,
  zonesOf,
} from "../../service/placement/placement.model.js";
import { memberPath } from "./compositeFields.js";

type Part = Readonly<Record<string, unknown>>;

/** Returns the zones and racks of a scenario that its region does not have. */
export function checkPlaces(root: Part): readonly InputIssue[] {
  const settings = settingsOf(root);
  const issues: InputIssue[] = [];
  for (const { part, path } of placesIn(root)) {
    const zones: readonly unknown[] = zonesOf(settings);
    const { zone, rack } = part;
    if (zone !== undefined && !zones.includes(zone)) {
      const expected = `one of ${zones.join(", ")}`;
      issues.push({ field: `${path}.zone`, value: zone, expected, rule: "known-place" });
      continue;
    }
    const racks: readonly unknown[] = racksOf(settings, zone as Zone | undefined);
    if (rack === undefined || racks.includes(rack)) continue;
    const expected = `one of ${racks.join(", ")}`;
    issues.push({ field: `${path}.rack`, value: rack, expected, rule: "known-place" });
  }
  return issues;
}

/** The region of a scenario; the defaults where its option is malformed, which is reported elsewhere. */
function settingsOf(root: Part): PlacementSettings {
  const given = asPart(asPart(root["world"])["placement"]);
  const count = (value: unknown, otherwise: number): number =>
    Number.isSafeInteger(value) && Number(value) > 0 && Number(value) <= 100
      ? Number(value)
      : otherwise;
  return {
    ...defaultPlacement,
    zones: count(given["zones"], defaultPlacement.zones),
    racksPerZone: count(given["racksPerZone"], defaultPlacement.racksPerZone),
  };
}

/** Everything that names a place, with its path. */
function* placesIn(root: Part): Generator<{ readonly part: Part; readonly path: string }> {
  for (const [name, fixture] of Object.entries(asPart(root["topology"]))) {
    const { places } = asPart(fixture);
    if (!isList(places)) continue;
    for (const [at, part] of places.entries()) {
      const path = `${memberPath("topology", name)}.places[${String(at)}]`;
      yield { part: asPart(part), path };
    }
  }
  for (const [name, part] of Object.entries(asPart(root["random"]))) {
    yield { part: asPart(part), path: memberPath("random", name) };
  }
  const { steps, operators } = root;
  if (isList(steps)) {
    for (const [at, step] of steps.entries()) {
      yield* actionPlaces(asPart(step)["do"], `steps[${String(at)}].do`);
    }
  }
  for (const [name, part] of Object.entries(asPart(operators))) {
    const { do: actions } = asPart(part);
    if (!isList(actions)) continue;
    for (const [at, action] of actions.entries()) {
      yield* actionPlaces(action, `${memberPath("operators", name)}.do[${String(at)}]`);
    }
  }
}

/** An action, and the nodes of a new group in it. */
function* actionPlaces(
  action: unknown,
  path: string,
): Generator<{ readonly part: Part; readonly path: string }> {
  const part = asPart(action);
  yield { part, path };
  yield { part: asPart(part["source"]), path: `${path}.source` };
  const { replicas } = part;
  if (!isList(replicas)) return;
  for (const [at, node] of replicas.entries()) {
    yield { part: asPart(node), path: `${path}.replicas[${String(at)}]` };
  }
}

function asPart(value: unknown): Part {
  return isRecord(value) ? value : {};
}
