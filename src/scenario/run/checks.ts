import { groupOf, instanceOf } from "../../kernel/queries.js";
import { parseReference } from "../format/references.js";
import type { CheckAction } from "../format/scenario.js";
import type { NameTable } from "./nameTable.js";

/** Returns what is not as a check expects it at this moment; undefined when everything is. */
export function checkNow(check: CheckAction, names: NameTable): string | undefined {
  const { expect: reference, exists = true, status, role, replicas } = check;
  const { topology } = names;
  const accountId = names.thing(parseReference(reference).name)?.accountId ?? names.sim.accountId;
  const found = names.resolve(reference).map((id) => ({
    group: groupOf(topology, { accountId, id }),
    instance: instanceOf(topology, { accountId, id }),
  }));
  const rows = found.flatMap(({ group, instance }) => group ?? instance ?? []);
  if (rows.length === 0) return exists ? `${reference} does not exist` : undefined;
  if (!exists) return `${reference} exists`;
  for (const row of rows) {
    if (status !== undefined && row.status !== status) {
      return `${reference} has status ${row.status}; expected ${status}`;
    }
    if (replicas !== undefined && row.replicaIds.length !== replicas) {
      return `${reference} has ${String(row.replicaIds.length)} replicas; expected ${String(replicas)}`;
    }
    if (role !== undefined && roleOf(row) !== role) {
      return `${reference} is ${roleOf(row)}; expected ${role}`;
    }
  }
  return undefined;
}

function roleOf(row: {
  readonly sourceId: string | null;
  readonly replicaIds: readonly string[];
  readonly replicationMode?: unknown;
}): "source" | "replica" | "alone" {
  if (row.sourceId !== null && row.replicationMode === undefined) return "replica";
  return row.replicaIds.length > 0 ? "source" : "alone";
}
