import { type TopologyJson, topologyFromJson } from "../../src/kernel/snapshot.js";
import { ownedKinds, type Topology } from "../../src/model/topology.js";

/** The tables of a topology. */
export const tableNames = [...ownedKinds, "accounts", "faults"] as const;

/** The indexes of a topology that are not part of an account. */
export const topIndexNames = ["accountIndex", "faultsOnInstances"] as const;

/**
 * Returns a topology with two rows in each table and an entry in each index. Nothing of it is frozen, and two of them
 * share nothing: a write into a shared node shows. The rows have only the fields that stores and indexes read.
 */
export function everyKind(): Topology {
  return topologyFromJson(everyKindJson());
}

/** The same as JSON. */
export function everyKindJson(): TopologyJson {
  const created = {
    instances: 2,
    groups: 2,
    schedules: 2,
    backups: 2,
    configurations: 2,
    faults: 2,
  };
  const labels = [{ label: "orders", kind: "groups", ordinal: 1 }];
  const made = [{ counted: "instances", number: 2 }];
  const json = {
    accounts: ["1234", "5678"].map((id) => ({ id, created, labels, made })),
    instances: rowsLike({ log: {}, link: null }),
    groups: rowsLike({}),
    schedules: rowsLike({}),
    backups: rowsLike({}),
    configurations: rowsLike({}),
    faults: rowsLike(
      {
        fault: { kind: "slowTasks", factor: 2 },
        phase: "active",
        targetOrdinal: null,
        clockOf: null,
      },
      {
        fault: { kind: "crash", instanceId: "0" },
        phase: "active",
        targetOrdinal: 0,
        clockOf: null,
      },
    ),
  };
  return json as unknown as TopologyJson;
}

/** Returns two rows, one of each account. */
function rowsLike(
  first: object,
  second: object = first,
): { readonly size: number; readonly rows: object[] } {
  const [one, other] = [first, second].map((fields, ordinal) => ({
    ordinal,
    id: String(ordinal),
    accountId: ["1234", "5678"][ordinal],
    ...fields,
  }));
  return { size: 2, rows: [one as object, other as object] };
}
