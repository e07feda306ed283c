import { deepFreeze } from "../collections/deepFreeze.js";
import type { Instance, Place } from "../domain/entities.js";

/** A row as it is given out: frozen through and through. */
export function freezeRow<Row extends Place>(row: Row): Row {
  if (Object.isFrozen(row)) return row;
  if (!isInstance(row)) return deepFreeze(row);
  // Each command gives back a row, mostly of an instance: looking at its parts alone takes half the time.
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

/** The fields of a row that hold more than one value: a new one does not compile above before it is frozen. */
type PartsOf<Row> = {
  readonly [K in keyof Row as Row[K] extends string | number | boolean | null ? never : K]: Row[K];
};
