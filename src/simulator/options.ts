import {
  documentedLatency,
  fastLatency,
  instantLatency,
  type LatencyDistribution,
  type LatencyKey,
  type LatencyProfile,
} from "../kernel/latency.js";
import type { Interpreter } from "../lifecycle/interpreter.js";
import { type Catalog, documentedCatalog } from "../model/catalog.js";
import { catalogField } from "../model/catalogFields.js";
import type { InputOf } from "../model/commandTypes.js";
import { distribution } from "../model/distributions.js";
import { type InputIssue, InvalidInputError } from "../model/errors.js";
import { documentedLimits, type Limits } from "../model/limits.js";
import { documentedPolicy, type Policy } from "../model/policy.js";
import { documentedRates, type RateLimits } from "../model/rates.js";
import {
  anyFunction,
  booleanRule,
  fieldRule,
  nonEmptyString,
  oneOf,
  unknownName,
  wholeFrom,
} from "../model/schema/entryPointOptions.js";
import { isRecord, plainCopy } from "../model/schema/plainData.js";
import { accountIdField } from "../model/sharedFields.js";
import { maxTime } from "../model/time.js";
import { accepts, copyUntrusted, issuesOf } from "../service/commands/parseCommand.js";
import {
  defaultPlacement,
  type PlacementSettings,
  placementMax,
} from "../service/placement/placement.model.js";
import {
  areCountsOf,
  isCount,
  issue,
  isWholeUpTo,
  named,
  type OptionReader,
  parts,
  whole,
} from "./optionValidators.js";

/** Names of the built-in latency profiles. */
export type LatencyName = "documented" | "fast" | "instant";

/** Options of a simulator. Everything has a default; everything except functions is part of snapshots. */
export interface SimulatorOptions {
  /** Decides ids and every random draw: 64 bits of an integer, or all of a string. Default 1. */
  readonly seed?: number | string | bigint;
  /** Virtual time at the start, in ms since the epoch. Default 2026-01-01T00:00:00Z. */
  readonly startAt?: number;
  /** Account of the simulator's own methods. Default "1234". */
  readonly accountId?: string;
  /** Region of the service. Default "ORD". */
  readonly region?: string;
  /** Durations of tasks: a profile by name, or durations that replace documented ones. Default "documented". */
  readonly latency?: "documented" | "fast" | "instant" | Partial<LatencyProfile>;
  /** Random variation of every duration to both sides, as a share from 0 to 1. Default 0. */
  readonly jitter?: number;
  /** Limits that replace the documented ones. */
  readonly limits?: Partial<Limits>;
  /**
   * Maximum requests of an account per minute of virtual time: the documented rates, or values that replace some of
   * them. Default "off", because virtual time does not move while a test sends requests.
   */
  readonly rateLimits?: "off" | "documented" | Partial<RateLimits>;
  /** Choices that replace those of the documented service. */
  readonly policy?: Partial<Policy>;
  /** Zones and racks of the region, and how the members of a group or a set are spread. Default 3 zones of 2 racks. */
  readonly placement?: Partial<PlacementSettings>;
  /** Flavors and datastores. Default `documentedCatalog`. */
  readonly catalog?: Catalog;
  /** "immutable" keeps every past state valid; "in-place" is faster and is meant for ensembles. Default "immutable". */
  readonly store?: "immutable" | "in-place";
  /** Whether the journal is written. Default true. */
  readonly journal?: boolean;
  /** Maximum number of steps of one call that moves time. Default 10,000,000. */
  readonly maxSteps?: number;
  /**
   * Creates ids instead of the seeded UUIDs, from the position in the order of creation of the world. Must return
   * unique ids.
   */
  readonly createId?: (
    kind: "instance" | "group" | "schedule" | "backup" | "configuration" | "failover" | "fault",
    ordinal: number,
  ) => string;
  /** Faults to inject at the start, for the account of the options, as plain data. Default none. */
  readonly faults?: readonly InputOf<"injectFault">[];
  /** Interprets the lifecycles; `actorInterpreter()` of `replication-simulator/lifecycle` uses real XState actors. */
  readonly interpreter?: Interpreter;
}

/** Functions among the options, which are not part of a snapshot. */
export type RuntimeHooks = Pick<SimulatorOptions, "createId" | "interpreter">;

/** Options with all defaults filled in, as plain data: part of snapshots and journals. */
export interface Settings {
  readonly seed: number | string;
  readonly startAt: number;
  readonly accountId: string;
  readonly region: string;
  readonly latency: LatencyProfile;
  readonly jitter: number;
  readonly limits: Limits;
  readonly rateLimits: RateLimits | "off";
  readonly policy: Policy;
  readonly placement: PlacementSettings;
  readonly catalog: Catalog;
  readonly store: "immutable" | "in-place";
  readonly journal: boolean;
  readonly maxSteps: number;
}

/** The settings of a simulator made without options. */
export const defaultSettings: Settings = {
  seed: 1,
  startAt: 1_767_225_600_000,
  accountId: "1234",
  region: "ORD",
  latency: documentedLatency,
  jitter: 0,
  limits: documentedLimits,
  rateLimits: "off",
  policy: documentedPolicy,
  placement: defaultPlacement,
  catalog: documentedCatalog,
  store: "immutable",
  journal: true,
  maxSteps: 10_000_000,
};

/**
 * Parses unvalidated options, over a base.
 * @param names - the allowed options; default all
 * @throws InvalidInputError `simulator-options` with every invalid option
 */
export function readOptions(
  options: SimulatorOptions,
  base: Settings = defaultSettings,
  names: readonly (keyof SimulatorOptions)[] = optionNames,
): Settings {
  if (!isRecord(options)) throw new InvalidInputError([issue("options", options, "an object")]);
  const issues: InputIssue[] = [];
  const settings = { ...base } as { -readonly [K in keyof Settings]: Settings[K] };
  for (const [key, value] of Object.entries(copyUntrusted(options))) {
    const name = names.find((known) => known === key);
    if (value === undefined) continue;
    if (name === undefined) {
      issues.push(unknownName(key, key, names));
      continue;
    }
    // A copy of the data: the stored value is the validated one, and never the caller's own object.
    const isData = isSetting(name) && typeof value === "object";
    const own = isData ? plainCopy(value) : value;
    const found = readers[name].flaws(own ?? value, name);
    issues.push(...found);
    if (own === undefined && found.length === 0) issues.push(issue(name, value, "plain data"));
    if (issues.length === 0 && isSetting(name)) {
      // The value was validated; TypeScript cannot correlate it with its name.
      (settings as Record<string, unknown>)[name] = merged(name, own, base);
    }
  }
  if (issues.length > 0) throw new InvalidInputError(issues);
  return settings;
}

const readers: { readonly [K in keyof SimulatorOptions]-?: OptionReader } = {
  seed: whole({
    expected: "an integer or a string",
    accepts: (value) =>
      Number.isSafeInteger(value) || typeof value === "bigint" || typeof value === "string",
  }),
  startAt: whole({
    expected: "an integer (ms since the epoch) from 0 to 253402300799999",
    accepts: isWholeUpTo(maxTime),
  }),
  accountId: whole(fieldRule(accountIdField)),
  region: whole(nonEmptyString),
  latency: named({
    known: documentedLatency,
    part: {
      expected:
        "an integer (ms), { from, to }, or one of { kind: exponential, meanMs }, { kind: weibull, scaleMs, shape }, { kind: lognormal, medianMs, sigma }, { kind: empirical, ms }",
      accepts: isDuration,
    },
    expected: `"documented", "fast", "instant", or durations of at least 0 ms by name: ${Object.keys(documentedLatency).join(", ")}`,
    accepts: (value) =>
      value === "documented" ||
      value === "fast" ||
      value === "instant" ||
      (isRecord(value) &&
        Object.entries(value).every(
          ([key, duration]) => Object.hasOwn(documentedLatency, key) && isDuration(duration),
        )),
  }),
  jitter: whole({
    expected: "a number from 0 to 1",
    accepts: (value) => typeof value === "number" && value >= 0 && value <= 1,
  }),
  limits: named({
    known: documentedLimits,
    part: { expected: "an integer of at least 1", accepts: isCount },
    expected: `integers of at least 1 by name: ${Object.keys(documentedLimits).join(", ")}`,
    accepts: areCountsOf(documentedLimits),
  }),
  rateLimits: named({
    known: documentedRates,
    part: { expected: "an integer of at least 1 a minute", accepts: isCount },
    expected: `"off", "documented", or integers of at least 1 a minute by name: ${Object.keys(documentedRates).join(", ")}`,
    accepts: (value) =>
      value === "off" || value === "documented" || areCountsOf(documentedRates)(value),
  }),
  policy: whole({
    expected: 'objectStorageAccess (boolean), databasesOnReplica ("refuse" or "ignore")',
    accepts: (value) =>
      isRecord(value) &&
      Object.entries(value).every(([key, choice]) =>
        key === "objectStorageAccess"
          ? typeof choice === "boolean"
          : key === "databasesOnReplica" && (choice === "refuse" || choice === "ignore"),
      ),
  }),
  placement: parts({
    zones: wholeFrom(1, placementMax.zones),
    racksPerZone: wholeFrom(1, placementMax.racksPerZone),
    spread: oneOf("zones", "racks", "none"),
  }),
  catalog: {
    flaws: (value, name) => issuesOf(catalogField, value, { path: name, limits: documentedLimits }),
  },
  store: whole(oneOf("immutable", "in-place")),
  journal: whole(booleanRule),
  maxSteps: whole(wholeFrom(1)),
  createId: whole(anyFunction),
  interpreter: whole({
    expected: "an interpreter, as actorInterpreter() gives one",
    accepts: (value) =>
      isRecord(value) &&
      [value["nextInstanceState"], value["nextGroupState"], value["nextBackupState"]].every(
        isFunction,
      ),
  }),
  // Validated as a whole when they are injected.
  faults: { flaws: () => [] },
};

const optionNames = Object.keys(readers) as readonly (keyof SimulatorOptions)[];

function isSetting(name: string): name is keyof Settings {
  return Object.hasOwn(defaultSettings, name);
}

function isFunction(value: unknown): boolean {
  return typeof value === "function";
}

const latencyByName: Readonly<Record<LatencyName, LatencyProfile>> = {
  documented: documentedLatency,
  fast: fastLatency,
  instant: instantLatency,
};

function merged(key: keyof Settings, value: unknown, base: Settings): unknown {
  // JSON has no bigint: stored as a number if it is safe, else as digits.
  if (typeof value === "bigint") {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : String(value);
  }
  if (key === "latency") {
    return typeof value === "string"
      ? latencyByName[value as LatencyName]
      : { ...base.latency, ...(value as Partial<Record<LatencyKey, LatencyDistribution>>) };
  }
  if (key === "rateLimits" && value !== "off") {
    const known = base.rateLimits === "off" ? documentedRates : base.rateLimits;
    return value === "documented" ? documentedRates : { ...known, ...(value as object) };
  }
  if (key === "limits" || key === "policy" || key === "placement")
    return { ...base[key], ...(value as object) };
  return value;
}

function isDuration(value: unknown): boolean {
  const isMs = isWholeUpTo(Number.MAX_SAFE_INTEGER);
  if (!isRecord(value)) return isMs(value);
  if ("kind" in value) return accepts(distribution, value, documentedLimits);
  const { from, to, ...others } = value;
  const isRange = isMs(from) && isMs(to) && (from as number) <= (to as number);
  return isRange && Object.keys(others).length === 0;
}
