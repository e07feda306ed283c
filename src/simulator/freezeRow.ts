import { deepFreeze } from "../collections/deepFreeze.js";
import type { Place } from "../model/rows.js";
import type { Instance } from "../service/instances/instance.model.js";

/** Freezes a row deeply before it is handed out. */
export function freezeRow<Row extends Place>(row: Row): Row {
  if (Object.isFrozen(row)) return row;
  if (!isInstance(row)) return deepFreeze(row);
  // Every command returns a row, mostly of an instance; freezing only its parts takes half the time.
  const { replicaIds, databases, users, work, lastError, log, link } = row;
  const parts: PartsOf<Instance> = { replicaIds, databases, users, work, lastError, log, link };
  deepFreeze(parts.replicaIds);
  deepFreeze(parts.databases);
  deepFreeze(parts.users);
  deepFreeze(parts.work);
  deepFreeze(parts.lastError);
  deepFreeze(parts.log);
  deepFreeze(parts.link);
  return Object.freeze(row);
}

function isInstance(row: Place): row is Instance {
  return "usedGb" in row;
}

/** Fields of a row with nested values: a new one does not compile above before it is frozen. */
type PartsOf<Row> = {
  readonly [K in keyof Row as Row[K] extends string | number | boolean | null ? never : K]: Row[K];
};
