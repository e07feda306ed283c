import type { LatencyKey } from "../../kernel/latency.js";
import type { CommandType, InputOf } from "../../model/commandTypes.js";
import type { Distribution } from "../../model/distributions.js";
import type { Limits } from "../../model/limits.js";
import type { Fault, FaultOf, Faults, RandomTarget } from "../../service/faults/fault.model.js";
import type { Instance } from "../../service/instances/instance.model.js";
import type { PlaceInput } from "../../service/placement/placement.model.js";
import type { SimulatorOptions } from "../../simulator/options.js";

/** The version of the format that this library writes. */
export const scenarioVersion = 1;

/** A scenario as its author writes it: durations, sizes and shares as numbers or as text (`15m`, `10GB`, `99.95 %`). */
export type ScenarioInput = ScenarioOf<number | string>;

/** A scenario that was parsed: every duration in ms, every size in GB or bytes, every share from 0 to 1. */
export type Scenario = ScenarioOf<number>;

/**
 * A simulated service, its events and the measures of each future: plain data.
 * @typeParam Q - type of quantities: `number`, or `number | string` before parsing
 */
export interface ScenarioOf<Q> {
  /** Version of the format. */
  readonly scenario: typeof scenarioVersion;
  /** The question that the scenario answers, in one sentence. */
  readonly title?: string;
  /** Options of the simulated service. */
  readonly world?: WorldOf<Q>;
  /** Resources that exist and are at rest at time 0, by name. */
  readonly topology?: Readonly<Record<string, FixtureOf<Q>>>;
  /** The steps, in order. */
  readonly steps?: readonly StepOf<Q>[];
  /** Faults that come at random, by name. */
  readonly random?: Readonly<Record<string, RandomProcessOf<Q>>>;
  /** Policies that react to events, by name. */
  readonly operators?: Readonly<Record<string, OperatorOf<Q>>>;
  /** Length of a future from time 0. Default: until the last step. */
  readonly horizon?: Q;
  /** Measures begin so long after time 0. Default 0. */
  readonly warmUp?: Q;
  /** Measures of each future, by name. */
  readonly measures?: Readonly<Record<string, MeasureSpecOf<Q>>>;
  /** Service level objectives and conditions that must never hold, by name. */
  readonly expect?: Readonly<Record<string, ExpectationOf<Q>>>;
  /** Alternatives, by name: JSON merge patches of this scenario. */
  readonly designs?: Readonly<Record<string, MergePatch>>;
  /** Values to try, or a range of them, by the path of the parameter: `world.latency.detectFailure: [9s, 30s]`. */
  readonly vary?: Readonly<Record<string, readonly unknown[] | RangeOf<Q>>>;
  /** Draws so many points of all ranges, a Latin hypercube, instead of every combination of their values. */
  readonly samples?: number;
}

/** Values of a parameter between two bounds. */
export interface RangeOf<Q> {
  readonly from: Q;
  readonly to: Q;
  /** Values of a grid, both bounds included. Default 5. */
  readonly points?: number;
  /** `log`: each value is the same multiple of the one before. Default `even`. */
  readonly scale?: "even" | "log";
}

/** Options of the simulated service; everything has the default of `SimulatorOptions`. */
export interface WorldOf<Q> extends Pick<SimulatorOptions, "region" | "jitter" | "accountId"> {
  /** The seed of `runScenario`. An ensemble sets one seed for each future. */
  readonly seed?: string | number;
  /** Virtual time at time 0: `2026-03-01T00:00:00Z`, or ms since the epoch. */
  readonly startAt?: number | string;
  /** A profile by its name, or durations that replace documented ones. */
  readonly latency?:
    | "documented"
    | "fast"
    | "instant"
    | Partial<Readonly<Record<LatencyKey, DistributionOf<Q>>>>;
  readonly limits?: Partial<Limits>;
  readonly policy?: SimulatorOptions["policy"];
  readonly placement?: SimulatorOptions["placement"];
  readonly rateLimits?: SimulatorOptions["rateLimits"];
  readonly catalog?: SimulatorOptions["catalog"];
}

/** A duration that may be drawn. */
export type DistributionOf<Q> =
  | Q
  | { readonly from: Q; readonly to: Q }
  | { readonly exponential: Q }
  | { readonly weibull: Q; readonly shape: number }
  | { readonly lognormal: Q; readonly sigma: number }
  | { readonly measured: readonly Q[] };

/** Something that exists at time 0. */
export interface FixtureOf<Q> {
  /** A lone instance, a replication set, or an HA group. */
  readonly kind: "instance" | "set" | "group";
  /** Replicas of the source. Default 1, for an instance 0. */
  readonly replicas?: number;
  /** Default "2". */
  readonly flavorId?: string | number;
  /** Default 10. */
  readonly volumeGb?: Q;
  /** Data on the volume. */
  readonly usedGb?: Q;
  readonly datastore?: InputOf<"createInstance">["datastore"];
  /** Where its instances stand, the source first; those without a place stand apart from the others. */
  readonly places?: readonly PlaceInput[];
  /** Writes of clients from time 0 on. */
  readonly writes?: { readonly perSecond: number; readonly bytes?: Q };
  /** Its backup schedule. */
  readonly backup?: Pick<
    InputOf<"createSchedule">,
    "dayOfWeek" | "hour" | "minute" | "fullBackupRetention"
  >;
}

/** Something that happens, and when. Without `at` and `after` it happens together with the step before it. */
export interface StepOf<Q> {
  /** Time since time 0. */
  readonly at?: Q;
  /** Time since the step before it. */
  readonly after?: Q;
  /** Again and again, so long after it, until the horizon. */
  readonly repeat?: Q;
  /**
   * The label of what the step creates: its identity in every world, so that its draws and its id depend on nothing else.
   * Other steps refer to it by this name.
   */
  readonly label?: string;
  /** A name for what the step creates that is no label: other steps refer to it, its identity stays what it was. */
  readonly alias?: string;
  /** The account that acts. Default: that of the world. */
  readonly by?: string;
  readonly do: ActionOf<Q>;
}

/** A command, a fault, an expectation about this moment, or a move of time. */
export type ActionOf<Q> =
  | CommandActionOf<Q>
  | FaultActionOf<Q>
  | CheckAction
  | { readonly advance: Q }
  | { readonly fork: ForkedWorldOf<Q> }
  | MoveAction;

/** Moves of time, and a world that goes on from its snapshot. */
export type MoveAction = "settle" | "step" | "restore";

/** Options of a fork in which the scenario continues. */
export type ForkedWorldOf<Q> = Pick<
  WorldOf<Q>,
  "seed" | "latency" | "jitter" | "policy" | "limits"
>;

/** A command of the simulator. Ids are references, `of` is what it is about. */
export type CommandActionOf<Q> = {
  readonly [K in Exclude<CommandType, "injectFault">]: { readonly command: K } & StepInputOf<
    Omit<InputOf<K>, "label">,
    Q
  >;
}[Exclude<CommandType, "injectFault">];

/** A fault, now or later. */
export type FaultActionOf<Q> = {
  readonly [K in keyof Faults]: { readonly fault: K; readonly in?: Q } & StepInputOf<
    FaultInputOf<FaultOf<K>>,
    Q
  >;
}[keyof Faults];

/** Fails the run when it is not so at this moment. */
export interface CheckAction {
  /** Reference to the resource to check. */
  readonly expect: string;
  /** Status as the API spells it. */
  readonly status?: string;
  readonly role?: "source" | "replica" | "alone";
  /** Number of its replicas. */
  readonly replicas?: number;
  /** Whether there is such a thing. */
  readonly exists?: boolean;
}

/** Faults that come at random. */
export interface RandomProcessOf<Q> {
  readonly fault: Extract<Fault, { readonly kind: "random" }>["fault"];
  /**
   * `orders` and `orders.all` give each instance a clock of its own; `orders.any` is one process that picks an instance
   * each time. One of `of`, `zone`, `rack` and `each` is given.
   */
  readonly of?: string;
  /** All that stands in a zone fails at once. */
  readonly zone?: Instance["zone"];
  /** All that stands in a rack fails at once. */
  readonly rack?: Instance["rack"];
  /** Each zone, or each rack, has a clock of its own. */
  readonly each?: "zone" | "rack";
  /** Time in service to the failure of each instance or, for `orders.any`, between two failures. */
  readonly every: DistributionOf<Q>;
  readonly timeToRepair: DistributionOf<Q>;
}

/** Conditions that operators watch and that expectations exclude. */
export const conditionKinds = [
  "writesDown",
  "readsDown",
  "degraded",
  "replicationBroken",
  "lagAbove",
  "backupOlderThan",
  "noCopy",
] as const;
/** A condition that operators watch and that expectations exclude. */
export type ConditionKind = (typeof conditionKinds)[number];

/** Something that holds or does not hold at each moment. */
export interface ConditionOf<Q> {
  readonly condition: ConditionKind;
  readonly of: string;
  /** Holds for so long without a break. Default 0. */
  readonly for?: Q;
  /** The bound of `lagAbove` and `backupOlderThan`. */
  readonly limit?: Q;
  /** `degraded`: at most so many healthy copies are left. Default: fewer than planned. */
  readonly copies?: number;
}

/** A policy: when a condition begins, act some time later, unless it is over by then. */
export interface OperatorOf<Q> {
  readonly when: ConditionOf<Q>;
  /** From the alarm to the action. Default 0. */
  readonly after?: DistributionOf<Q>;
  readonly do: readonly (CommandActionOf<Q> | FaultActionOf<Q>)[];
  /** Acts though the condition is over. Default false. */
  readonly evenIfOver?: boolean;
}

/** Measures that are built in; `docs/measures.md` defines each. */
export const measureKinds = [
  "writesDown",
  "readsDown",
  "interruptions",
  "lostTransactions",
  "recoveryPoint",
  "recoveryTime",
  "failovers",
  "failoverTime",
  "abortedFailovers",
  "degraded",
  "noCopy",
  "semiSyncOff",
  "commitsStalled",
  "lag",
  "backupAge",
  "operatorActions",
  "refused",
  "faults",
  "instanceHours",
] as const;
/** A measure that is built in. */
export type MeasureKind = (typeof measureKinds)[number];

/** A measure of each future. */
export interface MeasureSpecOf<Q> {
  readonly measure: MeasureKind;
  /** A thing of the topology, or one of its instances (`orders.1`). Default: all things. */
  readonly of?: string;
  /** `degraded`: counts while at most so many healthy copies are left. Default: fewer than planned. */
  readonly copies?: number;
  /** `lag`: the time-weighted quantile. Default 0.99; `mean` for the mean. */
  readonly quantile?: Q | "mean";
}

/** Properties that every future must keep, known by name. */
export const propertyKinds = [
  "invariants",
  "freshestPromoted",
  "failoverNeeded",
  "replicasFollow",
  "recovers",
  "accountedWrites",
] as const;
/** A property that every future must keep. */
export type PropertyKind = (typeof propertyKinds)[number];

/** A service level objective, a condition that must never hold, or a property of every future. */
export type ExpectationOf<Q> =
  /** The mean of a measure over futures: of its number, or of the sum of its list. */
  | ({ readonly mean: string } & BoundOf<Q>)
  | ({ readonly quantile: Q; readonly of: string } & BoundOf<Q>)
  | ({ readonly share: string; readonly above: Q } & BoundOf<Q>)
  | {
      readonly never: ConditionKind;
      readonly of: string;
      readonly for?: Q;
      readonly limit?: Q;
      readonly copies?: number;
    }
  | { readonly holds: PropertyKind; readonly of?: string };

/** The bound of a figure. */
export interface BoundOf<Q> {
  readonly atMost?: Q;
  readonly atLeast?: Q;
}

/** The name of the scenario without a patch. */
export const baseDesign = "as it is";

/** A JSON merge patch (RFC 7396): objects are merged, null deletes, everything else replaces. */
export type MergePatch = Readonly<Record<string, unknown>>;

/** The fields of a fault without what the action already says. */
export type FaultInputOf<F> = F extends { readonly kind: "random" | "randomAmong" }
  ? Pick<F, Extract<keyof F, "timeToRepair" | "durationMs">> & {
      readonly effect: FaultOf<"random">["fault"];
      /** `all`, or a reference; or one of `zone`, `rack` and `each` instead. */
      readonly of?: string;
      readonly role?: Extract<RandomTarget, { readonly role: string }>["role"];
      readonly zone?: Instance["zone"];
      readonly rack?: Instance["rack"];
      readonly each?: "zone" | "rack";
      /** Time to failure of each instance or, for `randomAmong`, between two failures. */
      readonly every: Distribution;
    }
  : Omit<F, "kind">;

/** The id that a command or a fault is about. */
export type SubjectKey<T> = T extends { readonly groupId: string }
  ? "groupId"
  : T extends { readonly instanceId: string }
    ? "instanceId"
    : T extends { readonly ownerId: string }
      ? "ownerId"
      : T extends { readonly replicaId: string }
        ? "replicaId"
        : T extends { readonly scheduleId: string }
          ? "scheduleId"
          : T extends { readonly backupId: string }
            ? "backupId"
            : T extends { readonly faultId: string }
              ? "faultId"
              : T extends { readonly configurationId: string }
                ? "configurationId"
                : never;

/** `instanceId` becomes `of`, `durationMs` becomes `for`, `lagMs` becomes `lag`; quantities may be text, ids are references. */
export type StepInputOf<T, Q> = {
  readonly [F in keyof T as F extends SubjectKey<T>
    ? "of"
    : F extends "durationMs"
      ? "for"
      : F extends `${infer Stem}Ms`
        ? Stem
        : F]: F extends SubjectKey<T>
    ? string
    : F extends `${string}Ms`
      ? Q
      : F extends "of"
        ? string
        : F extends "volumeGb" | "usedGb" | "bytesPerTransaction"
          ? Q
          : F extends "every" | "timeToRepair"
            ? T extends { readonly effect: unknown }
              ? DistributionOf<Q>
              : T[F]
            : F extends "source" | "replicas"
              ? NestedInputOf<T[F], Q>
              : T[F];
};

/** A nested part of a command or fault in a step: lists and objects, renamed as `StepInputOf` renames them. */
export type NestedInputOf<T, Q> = T extends readonly (infer Item)[]
  ? readonly StepInputOf<Item, Q>[]
  : T extends object
    ? StepInputOf<T, Q>
    : T;
