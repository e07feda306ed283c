import type { InstanceStatus, ReplicationSimulator } from "replication-simulator";
import type { Present } from "./futures.js";

/** What became of a world, in ms since the choice. */
export interface Outcome {
  readonly bothMs: number;
  readonly highlyAvailableMs: number;
  /** How long no replica followed `orders`. */
  readonly unprotectedMs: number;
  /** How long `orders` itself was not ACTIVE. */
  readonly unsteadyMs: number;
}

/** Runs a future in a world, and watches. */
export function measured(
  sim: ReplicationSimulator,
  { sourceId }: Present,
  run: () => void,
): Outcome {
  const startedAt = sim.now;
  let highlyAvailableMs = 0;
  let unprotectedMs = 0;
  let unsteadyMs = 0;
  let since = sim.now;
  let [isProtected, isSteady] = [true, true];
  sim.subscribe(({ at }) => {
    unprotectedMs += isProtected ? 0 : at - since;
    unsteadyMs += isSteady ? 0 : at - since;
    since = at;
    const source = sim.getInstance(sourceId);
    const replicas = sim.listReplicas(sourceId);
    isProtected = replicas.some(({ status }) => following.has(status));
    isSteady = source.status === "ACTIVE";
    const [group] = sim.listGroups().items;
    if (highlyAvailableMs === 0 && group?.status === "ACTIVE") highlyAvailableMs = at - startedAt;
  });
  run();
  return { bothMs: sim.now - startedAt, highlyAvailableMs, unprotectedMs, unsteadyMs };
}

/** Statuses in which a replica is up and follows its source. */
const following: ReadonlySet<InstanceStatus> = new Set(["ACTIVE", "BACKUP", "CONVERT_TO_HA"]);
