import { formatValue } from "../../model/errors.js";
import { version } from "../../model/packageVersion.js";
import { assertKnownOptions, type OptionNames } from "../../model/schema/entryPointOptions.js";
import { assertAccepted, assertInput } from "../assertInput.js";
import { behaviourFingerprint } from "./behaviourFingerprint.js";
import { digest } from "./canonicalJson.js";
import {
  assertSeeds,
  assertWhole,
  assertWord,
  EnsembleError,
  unknownName,
} from "./ensembleError.js";
import {
  defaultShardSize,
  type EnsembleSpec,
  idOfEnsemble,
  type ScenarioReference,
} from "./ensembleSpec.js";
import type { RunnableScenario } from "./runnableScenario.js";

/** Makes a scenario ready to be run. The one of this entry point knows data; executors on Node know modules, too. */
export type OpenScenario = (
  reference: ScenarioReference,
) => Promise<RunnableScenario> | RunnableScenario;

/** An ensemble that this process can run. */
export interface PreparedEnsemble {
  readonly spec: EnsembleSpec;
  /** The digest that names it. */
  readonly id: string;
  readonly scenario: RunnableScenario;
}

/** Plan of an ensemble. */
export interface EnsemblePlan {
  readonly scenario: ScenarioReference;
  /** Number of futures of each design. */
  readonly futures: number;
  /** Default 0. */
  readonly firstSeed?: number;
  /** Default: all designs of the scenario. */
  readonly designs?: readonly string[];
  /** Default: about a 32nd of the futures, at most 1,000. */
  readonly shardSize?: number;
  /** Default "values". */
  readonly keep?: "values" | "sketch";
}

const planNames: OptionNames<EnsemblePlan> = {
  scenario: true,
  futures: true,
  firstSeed: true,
  designs: true,
  shardSize: true,
  keep: true,
};

/** Futures whose facts stand for the behaviour of a scenario. */
const probes = 8;

/**
 * Plans an ensemble: fills in what lets a worker elsewhere check that it would run the same.
 *
 * @throws EnsembleError `spec-input`, `design-name`, and what `open` throws
 */
export async function prepareEnsemble(
  plan: EnsemblePlan,
  open: OpenScenario,
): Promise<PreparedEnsemble> {
  assertKnownOptions(plan, planNames, "plan");
  const { futures, firstSeed = 0, keep = "values" } = plan;
  assertSeeds({ first: firstSeed, count: futures });
  const shardSize = plan.shardSize ?? defaultShardSize(futures);
  assertWhole("shardSize", shardSize, { min: 1 });
  assertWord("spec-input", "keep", keep, ["values", "sketch"]);
  const scenario = await open(plan.scenario);
  const designs = plan.designs ?? scenario.designs;
  checkDesigns(designs, scenario);
  const spec: EnsembleSpec = {
    format: "replication-simulator/ensemble",
    version: 1,
    scenario: plan.scenario,
    designs,
    seeds: { first: firstSeed, count: futures },
    shardSize,
    keep,
    engine: { version, fingerprint: behaviourFingerprint() },
    probe: { source: digest(scenario.source), facts: factsOf(scenario, designs, firstSeed) },
  };
  return { spec, id: idOfEnsemble(spec), scenario };
}

/**
 * Takes an ensemble that was planned elsewhere, or refuses it.
 *
 * @throws EnsembleError `spec-format`, `engine-version`, `engine-behaviour`, `scenario-source`, `scenario-behaviour`,
 * `design-name`, and what `open` throws
 */
export async function receiveEnsemble(
  spec: EnsembleSpec,
  open: OpenScenario,
): Promise<PreparedEnsemble> {
  assertInput(spec, { field: "spec", expected: "a planned ensemble" });
  const { format, version: formatVersion } = spec as {
    readonly format: unknown;
    readonly version: unknown;
  };
  if (format !== "replication-simulator/ensemble" || formatVersion !== 1)
    throw new EnsembleError(
      "spec-format",
      `an ensemble of format ${formatValue(format)} version ${formatValue(formatVersion)} cannot be read here; use the version of replication-simulator that planned it`,
    );
  if (spec.engine.version !== version)
    throw new EnsembleError(
      "engine-version",
      `this is replication-simulator ${version}, the ensemble was planned with ${spec.engine.version}; install the same version on all machines`,
      { value: spec.engine.version, allowed: version },
    );
  const fingerprint = behaviourFingerprint();
  if (spec.engine.fingerprint !== fingerprint)
    throw new EnsembleError(
      "engine-behaviour",
      `this build of replication-simulator ${version} behaves differently from the planner's (fingerprint ${fingerprint.slice(0, 8)}, expected ${spec.engine.fingerprint.slice(0, 8)}); install the same build on all machines`,
      { value: fingerprint, allowed: spec.engine.fingerprint },
    );
  const scenario = await open(spec.scenario);
  if (digest(scenario.source) !== spec.probe.source)
    throw new EnsembleError(
      "scenario-source",
      "the scenario was edited after the ensemble was planned; plan it again, or restore the file",
    );
  checkDesigns(spec.designs, scenario);
  if (factsOf(scenario, spec.designs, spec.seeds.first) !== spec.probe.facts)
    throw new EnsembleError(
      "scenario-behaviour",
      "the first futures come out differently here than at the planner; check the files that the scenario imports",
    );
  return { spec, id: idOfEnsemble(spec), scenario };
}

function factsOf(scenario: RunnableScenario, designs: readonly string[], first: number): string {
  const facts = designs.flatMap((design) =>
    Array.from({ length: probes }, (_, at) => factsOfFuture(scenario, design, first + at)),
  );
  return digest(facts.join());
}

/** A future that throws is part of the behaviour: `runShard` keeps it as a failure. */
function factsOfFuture(scenario: RunnableScenario, design: string, seed: number): string {
  try {
    return scenario.factsOf(design, seed);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function checkDesigns(designs: readonly string[], scenario: RunnableScenario): void {
  assertAccepted(Array.isArray(designs), designs, {
    field: "designs",
    expected: "a list of names",
  });
  const [unknown] = designs.filter((design) => !scenario.designs.includes(design));
  if (unknown !== undefined || designs.length === 0) {
    throw unknownName("design", unknown ?? "", scenario.designs, "designs");
  }
  const twice = designs.find((design, at) => designs.indexOf(design) !== at);
  if (twice === undefined) return;
  const message = `design ${twice} is listed twice; name each design once`;
  throw new EnsembleError("design-name", message, {
    field: "designs",
    value: designs,
    allowed: "each design once",
  });
}
