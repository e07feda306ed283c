import { deepFreeze, emptyList } from "../collections/deepFreeze.js";
import type { Place, Work } from "../model/rows.js";
import type { Instance } from "../service/instances/instance.model.js";

/** Freezes a row deeply before it is handed out. */
export function freezeRow<Row extends Place>(row: Row): Row {
  if (Object.isFrozen(row)) return row;
  if (!isInstance(row)) return deepFreeze(row);
  // Every command returns a row, mostly of an instance; freezing only its parts takes half the time.
  const { replicaIds, databases, users, work, lastError, log, link } = row;
  const parts: PartsOf<Instance> = { replicaIds, databases, users, work, lastError, log, link };
  Object.freeze(parts.replicaIds);
  freezeList(parts.databases);
  freezeList(parts.users);
  if (parts.work !== null) freezeFlat<Work>(parts.work);
  if (parts.lastError !== null) deepFreeze(parts.lastError);
  if (parts.log !== null) deepFreeze(parts.log);
  if (parts.link !== null) deepFreeze(parts.link);
  return Object.freeze(row);
}

/** Freezes a value without nested values: one that gets some does not compile any more. */
function freezeFlat<T>(value: [keyof PartsOf<T>] extends [never] ? T : never): void {
  Object.freeze(value);
}

/** Most lists are the shared empty one; to ask whether another one is frozen costs as much as to freeze it. */
function freezeList(list: readonly object[]): void {
  if (list !== emptyList) deepFreeze(list);
}

function isInstance(row: Place): row is Instance {
  return "usedGb" in row;
}

/** Fields of a row with nested values: a new one does not compile above before it is frozen. */
type PartsOf<Row> = {
  readonly [K in keyof Row as Row[K] extends string | number | boolean | null ? never : K]: Row[K];
};
