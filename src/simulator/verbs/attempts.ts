import { ReplicationError } from "../../domain/errors.js";
import type { AccountVerbs } from "./account.js";

/** An outcome that does not throw: the value, or the refusal. */
export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: ReplicationError };

type Verb = Exclude<keyof AccountVerbs, "accountId" | "role" | "try" | "view">;

/** Every verb, giving back its refusal instead of throwing it. */
export type Attempts = {
  readonly [K in Verb]: (
    ...args: Parameters<AccountVerbs[K]>
  ) => Result<ReturnType<AccountVerbs[K]>>;
};

const verbs: Readonly<Record<Verb, true>> = {
  createInstance: true,
  createReplica: true,
  getInstance: true,
  listInstances: true,
  listReplicas: true,
  renameInstance: true,
  restartInstance: true,
  resizeFlavor: true,
  resizeVolume: true,
  deleteInstance: true,
  detachReplica: true,
  convertToHa: true,
  getGroup: true,
  listGroups: true,
  addAcl: true,
  listAcls: true,
  deleteAcl: true,
  createSchedule: true,
  getSchedule: true,
  listSchedules: true,
  updateSchedule: true,
  deleteSchedule: true,
  createHaGroup: true,
  deleteHaGroup: true,
  addReplica: true,
  removeReplica: true,
  restartGroup: true,
  resizeGroupFlavor: true,
  resizeGroupVolumes: true,
  attachGroupConfiguration: true,
  detachGroupConfiguration: true,
  forceFailover: true,
  disableFailover: true,
  enableFailover: true,
  updateProxyNodes: true,
  repairGroup: true,
  listFailovers: true,
  createBackup: true,
  getBackup: true,
  listBackups: true,
  deleteBackup: true,
  createConfiguration: true,
  getConfiguration: true,
  listConfigurations: true,
  deleteConfiguration: true,
  attachConfiguration: true,
  detachConfiguration: true,
  createDatabases: true,
  listDatabases: true,
  deleteDatabase: true,
  createUsers: true,
  listUsers: true,
  deleteUser: true,
  setDataSize: true,
  failTask: true,
  inject: true,
  execute: true,
  check: true,
};

/** The verbs of an account, each wrapped once: a refusal is given back, anything else is still thrown. */
export function attemptsOf(account: AccountVerbs): Attempts {
  const attempts: Partial<Record<Verb, (...args: unknown[]) => Result<unknown>>> = {};
  for (const verb of Object.keys(verbs) as Verb[]) {
    const call = account[verb].bind(account) as (...args: unknown[]) => unknown;
    attempts[verb] = (...args) => attempt(() => call(...args));
  }
  // Each entry was made from the verb of its own name.
  return attempts as unknown as Attempts;
}

function attempt<T>(call: () => T): Result<T> {
  try {
    return { ok: true, value: call() };
  } catch (error) {
    if (error instanceof ReplicationError) return { ok: false, error };
    throw error;
  }
}
