import { type TopologyJson, topologyFromJson } from "../kernel/snapshot.js";
import { InvalidWorldDataError, ReplicationError } from "../model/errors.js";
import type { Limits } from "../model/limits.js";
import { record } from "../model/schema/compositeFields.js";
import type { Topology } from "../model/topology.js";
import { readValue } from "./commands/parseCommand.js";
import { brokenInvariants } from "./invariants.js";
import { topologyFields } from "./rowSchema.js";

const topologyField = /* @__PURE__ */ record<TopologyJson>({
  rule: "snapshot-rows",
  source: "§11",
  of: topologyFields,
});

/**
 * Returns a topology from untrusted plain data: each row matches its schema, and together they keep the invariants.
 * Without this check, a corrupt file would fail much later, with no hint at the cause. O(n log n).
 * @throws InvalidWorldDataError `snapshot-rows`, `snapshot-invariants`
 */
export function readTopology(
  json: unknown,
  { now, limits }: { readonly now: number; readonly limits: Limits },
): Topology {
  const topology = topologyFromJson(rowsIn(json, limits));
  // Limits may have become smaller since the rows were created.
  const none = { maxReplicasPerSource: Infinity, maxInstancesPerAccount: Infinity };
  const [broken] = brokenInvariants(topology, { now, limits: none });
  if (broken === undefined) return topology;
  throw new InvalidWorldDataError({
    code: "badRequest",
    rule: "snapshot-invariants",
    message: `invalid snapshot: invariant violated: ${broken}`,
  });
}

function rowsIn(json: unknown, limits: Limits): TopologyJson {
  try {
    readValue(topologyField, json, { path: "topology", limits });
    // Kept as given, because the order of fields is part of the bytes of a world.
    return json as TopologyJson;
  } catch (cause) {
    if (!(cause instanceof ReplicationError)) throw cause;
    const { message, field, value, allowed } = cause;
    throw new InvalidWorldDataError(
      {
        code: "badRequest",
        rule: "snapshot-rows",
        field,
        value,
        allowed,
        message: `invalid snapshot: the rows do not form a topology: ${message}`,
      },
      { cause },
    );
  }
}
