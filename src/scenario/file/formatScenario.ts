import { stringify } from "yaml";
import { isList, isRecord } from "../../model/schema/plainData.js";
import { assertScenario } from "../format/assertScenario.js";
import { durationMembers, isDurationPath, lastMember } from "../format/durationMembers.js";
import { measureDurations } from "../format/measureSets.js";
import { formatDuration } from "../format/quantities.js";
import type { Scenario } from "../format/scenario.js";

/** Parts of a scenario that are written as they are: their members have names of an author, or are patches. */
const free = new Set(["catalog", "values", "databases", "users", "designs"]);

/**
 * Returns a scenario as a YAML file: durations with units, steps one a line.
 * `parseScenarioFile` of the result gives the same scenario.
 */
export function formatScenario(scenario: Scenario): string {
  assertScenario(scenario);
  const written = readable(scenario, "") as Record<string, unknown>;
  const { expect, vary } = scenario;
  if (expect !== undefined) written["expect"] = withBounds(scenario);
  if (vary !== undefined) written["vary"] = withVariations(vary);
  const latency = scenario.world?.latency;
  if (isRecord(latency)) {
    written["world"] = {
      ...(written["world"] as object),
      latency: Object.fromEntries(
        Object.entries(latency).map(([key, drawn]) => [
          key,
          typeof drawn === "number" ? formatDuration(drawn) : readable(drawn, key),
        ]),
      ),
    };
  }
  const lines = stringify(written, {
    flowCollectionPadding: true,
    lineWidth: 0,
    collectionStyle: "block",
  });
  return inOneLine(written, lines);
}

function withBounds({ expect = {}, measures = {} }: Scenario): object {
  return Object.fromEntries(
    Object.entries(expect).map(([name, expectation]) => {
      const part = readable(expectation, "") as Record<string, unknown>;
      const measure = part["mean"] ?? (part["quantile"] === undefined ? undefined : part["of"]);
      const kind = typeof measure === "string" ? measures[measure]?.measure : undefined;
      if (kind !== undefined && measureDurations.has(kind)) {
        for (const key of ["atMost", "atLeast"]) {
          const bound = part[key];
          if (typeof bound === "number") part[key] = formatDuration(bound);
        }
      }
      return [name, part];
    }),
  );
}

/**
 * A range has `from` and `to` whatever it is a range of: its path says whether they are durations. A list of values is
 * written as it is.
 */
function withVariations(vary: NonNullable<Scenario["vary"]>): object {
  return Object.fromEntries(
    Object.entries(vary).map(([path, values]) => [
      path,
      isRecord(values) && isDurationPath(path) ? readable(values, lastMember(path)) : values,
    ]),
  );
}

function readable(value: unknown, key: string): unknown {
  if (typeof value === "number" && durationMembers.has(key)) return formatDuration(value);
  if (isList(value)) return value.map((part) => readable(part, key));
  if (!isRecord(value) || free.has(key)) return value;
  // The one member with the name of a duration that is none: every how many tasks fail.
  const isCount = value["command"] === "failTask" || value["fault"] === "failTask";
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [
      name,
      isCount && name === "every" ? part : readable(part, name),
    ]),
  );
}

/** Every step, and every entry of a named part, on a line of its own. */
function inOneLine(written: Readonly<Record<string, unknown>>, block: string): string {
  const flow = (value: unknown): string =>
    stringify(value, {
      collectionStyle: "flow",
      flowCollectionPadding: true,
      lineWidth: 0,
    }).trimEnd();
  const parts: string[] = [];
  for (const [key, value] of Object.entries(written)) {
    if (isList(value)) {
      parts.push(
        `${key}:${value.length === 0 ? " []" : ""}`,
        ...value.map((item) => `  - ${flow(item)}`),
      );
    } else if (isRecord(value) && key !== "world") {
      parts.push(`${key}:`);
      for (const [name, part] of Object.entries(value)) {
        parts.push(`  ${flow(name)}: ${flow(part)}`);
      }
    } else parts.push(stringify({ [key]: value }, { lineWidth: 0 }).trimEnd());
  }
  return block === "" ? block : `${parts.join("\n")}\n`;
}
