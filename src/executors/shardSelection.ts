import { EnsembleError } from "../whatif/ensemble/ensembleError.js";
import type { Shard } from "../whatif/ensemble/ensembleSpec.js";

/** Which part of an ensemble this process runs. */
export interface ShardSelection {
  /** From 0. */
  readonly part: number;
  readonly parts: number;
  /** Source of the selection, for messages. */
  readonly from: string;
}

interface BatchSystem {
  readonly name: string;
  readonly index: string;
  /** Variables that hold the number of parts, the first one that is set. */
  readonly counts: readonly string[];
  /** The index of the first part: a number, or the variable that holds it. */
  readonly firstIndex: number | string;
}

/** Says the number of parts where a batch system does not. */
const countVariable = "REPLICATION_SIMULATOR_SHARDS";

const batchSystems: readonly BatchSystem[] = [
  {
    name: "Kubernetes indexed Job",
    index: "JOB_COMPLETION_INDEX",
    counts: [countVariable],
    firstIndex: 0,
  },
  {
    name: "AWS Batch array job",
    index: "AWS_BATCH_JOB_ARRAY_INDEX",
    counts: ["AWS_BATCH_JOB_ARRAY_SIZE", countVariable],
    firstIndex: 0,
  },
  {
    name: "Slurm job array",
    index: "SLURM_ARRAY_TASK_ID",
    counts: ["SLURM_ARRAY_TASK_COUNT", countVariable],
    firstIndex: "SLURM_ARRAY_TASK_MIN",
  },
  { name: "parallel CI job", index: "CI_NODE_INDEX", counts: ["CI_NODE_TOTAL"], firstIndex: 1 },
];

/**
 * Returns the part that this process runs: as `--shard` says, else as the batch system that started it says.
 *
 * @param flag - `i/n`, from 1/n to n/n
 * @returns undefined if no selection is given: all shards
 * @throws EnsembleError `spec-input`
 */
export function selectShards(
  flag: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): ShardSelection | undefined {
  if (flag !== undefined) {
    const [, index, count] = /^(\d+)\/(\d+)$/.exec(flag) ?? [];
    return selection({ index: Number(index) - 1, count: Number(count), from: `--shard ${flag}` });
  }
  const system = batchSystems.find(({ index }) => isSet(environment[index]));
  if (system === undefined) return undefined;
  const { name, index, counts, firstIndex } = system;
  const count = counts.map((variable) => environment[variable]).find(isSet);
  if (count === undefined)
    throw new EnsembleError(
      "spec-input",
      `${name} sets ${index} and nothing says how many parts there are; set ${counts.at(-1) ?? countVariable}, or use --shard i/n`,
      { field: index, value: environment[index] },
    );
  const first = typeof firstIndex === "number" ? firstIndex : Number(environment[firstIndex] ?? 0);
  return selection({
    index: Number(environment[index]) - first,
    count: Number(count),
    from: `${name}, ${index}=${String(environment[index])}`,
  });
}

/** Returns the shards of a part: every n-th, so that all parts end at about the same time. */
export function shardsOfPart(
  shards: readonly Shard[],
  { part, parts }: ShardSelection,
): readonly Shard[] {
  return shards.filter(({ index }) => index % parts === part);
}

function isSet(value: string | undefined): value is string {
  return value !== undefined && value !== "";
}

function selection({
  index,
  count,
  from,
}: {
  readonly index: number;
  readonly count: number;
  readonly from: string;
}): ShardSelection {
  const isPart =
    Number.isSafeInteger(index) && Number.isSafeInteger(count) && index >= 0 && index < count;
  if (isPart) return { part: index, parts: count, from };
  throw new EnsembleError("spec-input", `${from} names no part; use i/n with i from 1 to n`, {
    field: "shard",
    value: from,
    allowed: "i/n with i from 1 to n",
  });
}
