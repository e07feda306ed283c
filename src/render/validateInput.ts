import { InvalidWorldDataError, ReplicationError } from "../model/errors.js";
import { type OptionRules, oneOf } from "../model/schema/entryPointOptions.js";
import { isList, isRecord } from "../model/schema/plainData.js";
import { maxTime } from "../model/time.js";
import type { Topology, TopologyData } from "../model/topology.js";
import type { TopologyView } from "../outline/groupInstances.js";
import type { Journal } from "../simulator/serialization.js";
import type { SvgOptions } from "./svgFrame.js";

/** Validates the options of a rendering. */
export const renderOptionsOrigin = { field: "options", rule: "render-options" } as const;

/** Options of every rendering of a topology. */
export const viewDemands: OptionRules<TopologyView> = {
  accountId: { expected: "a string", accepts: isText },
};

/** Options of every drawing. */
export const svgDemands: OptionRules<SvgOptions> = {
  title: { expected: "a string", accepts: isText },
  theme: oneOf("auto", "light", "dark"),
  id: {
    expected: "a letter, then letters, digits, - and _",
    accepts: (value) => isText(value) && /^[A-Za-z][\w-]*$/.test(value),
  },
};

/**
 * Renders a validated topology.
 * @throws InvalidWorldDataError `render-topology` for anything but a topology, or if its rows are inconsistent
 */
export function renderTopology<T>(topology: TopologyData, made: (rows: Topology) => T): T {
  const expected = "the topology of a simulator, as `sim.topology` gives it";
  return read({ rule: "render-topology", expected, isWhole: () => isTopology(topology) }, () =>
    // Validated above.
    made(topology as Topology),
  );
}

/**
 * Renders a validated journal, which may come from a file.
 * @throws InvalidWorldDataError `render-journal` for anything but a journal, or if it refers to missing resources
 */
export function renderJournal<T>(journal: Journal, made: () => T): T {
  const expected = "a journal, as `sim.journal()` gives it";
  return read({ rule: "render-journal", expected, isWhole: () => isJournal(journal) }, made);
}

function read<T>(
  world: { readonly rule: string; readonly expected: string; readonly isWhole: () => boolean },
  made: () => T,
): T {
  const { rule, expected } = world;
  try {
    if (world.isWhole()) return made();
  } catch (cause) {
    if (cause instanceof ReplicationError) throw cause;
    const message = `this cannot be drawn; it must be ${expected}`;
    throw new InvalidWorldDataError({ code: "badRequest", rule, message }, { cause });
  }
  const message = `this must be ${expected}`;
  throw new InvalidWorldDataError({ code: "badRequest", rule, message });
}

function isTopology(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const tables = [value["instances"], value["groups"], value["schedules"], value["accounts"]];
  return tables.every((table) => isRecord(table) && isList(table["root"]));
}

function isJournal(value: unknown): boolean {
  if (!isRecord(value) || !isMoment(value["now"])) return false;
  const { origin, settings, lines } = value;
  const hasStart = isRecord(origin)
    ? isMoment(origin["now"])
    : origin === null && isRecord(settings) && isMoment(settings["startAt"]);
  return hasStart && isList(lines) && lines.every(isLine);
}

function isLine(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { seq, at, facts, trigger } = value;
  return Number.isSafeInteger(seq) && isMoment(at) && isList(facts) && isRecord(trigger);
}

/** Rejects invalid times, which would make the scale loop forever. */
function isMoment(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= maxTime;
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}
