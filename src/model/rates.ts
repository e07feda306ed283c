import { deepFreeze } from "../collections/deepFreeze.js";
/** Maximum requests of each kind per account and minute. Every rate is an option of the simulator. */
export interface RateLimits {
  readonly reads: number;
  readonly createInstances: number;
  readonly changeInstances: number;
  readonly instanceActions: number;
  readonly deleteInstances: number;
  readonly createGroups: number;
  readonly changeGroups: number;
  readonly groupActions: number;
  readonly deleteGroups: number;
  readonly addAcls: number;
  readonly deleteAcls: number;
  readonly createSchedules: number;
  readonly changeSchedules: number;
  readonly deleteSchedules: number;
  readonly createBackups: number;
  readonly deleteBackups: number;
  readonly createConfigurations: number;
  readonly changeConfigurations: number;
  readonly deleteConfigurations: number;
  readonly databases: number;
  readonly users: number;
}

/** A kind of request with its own counter. */
export type RateName = keyof RateLimits;

/** One rate: its default per minute and its source. */
export interface RateSource {
  readonly value: number;
  readonly source: string;
  readonly description: string;
}

const documented = "§5 [docs]";
const inferred = "§5 [inferred]";

/** The default rates, each with its source. HA groups, schedules and configurations use the rates of instances. */
export const rateSources: Readonly<Record<RateName, RateSource>> = {
  reads: { value: 100, source: documented, description: "everything that only looks" },
  createInstances: { value: 20, source: documented, description: "new instances and replicas" },
  changeInstances: {
    value: 20,
    source: inferred,
    description: "names, detachments and configurations of instances",
  },
  instanceActions: {
    value: 5,
    source: documented,
    description: "restart, resize, conversion to HA",
  },
  deleteInstances: { value: 20, source: documented, description: "deletions of instances" },
  createGroups: { value: 20, source: inferred, description: "new HA groups" },
  changeGroups: { value: 20, source: inferred, description: "configurations of HA groups" },
  groupActions: {
    value: 5,
    source: inferred,
    description: "members, restart and resize of HA groups",
  },
  deleteGroups: { value: 20, source: inferred, description: "deletions of HA groups" },
  addAcls: { value: 20, source: inferred, description: "new ACLs" },
  deleteAcls: { value: 20, source: inferred, description: "deletions of ACLs" },
  createSchedules: { value: 20, source: inferred, description: "new schedules" },
  changeSchedules: { value: 20, source: inferred, description: "changes of schedules" },
  deleteSchedules: { value: 20, source: inferred, description: "deletions of schedules" },
  createBackups: { value: 100, source: documented, description: "new backups" },
  deleteBackups: { value: 20, source: documented, description: "deletions of backups" },
  createConfigurations: { value: 20, source: inferred, description: "new configurations" },
  changeConfigurations: { value: 20, source: inferred, description: "changes of configurations" },
  deleteConfigurations: { value: 20, source: inferred, description: "deletions of configurations" },
  databases: { value: 20, source: documented, description: "new and deleted databases" },
  users: { value: 50, source: documented, description: "new and deleted users" },
};

/** The rates of the documented service. */
export const documentedRates: RateLimits = /* @__PURE__ */ deepFreeze({
  reads: rateSources.reads.value,
  createInstances: rateSources.createInstances.value,
  changeInstances: rateSources.changeInstances.value,
  instanceActions: rateSources.instanceActions.value,
  deleteInstances: rateSources.deleteInstances.value,
  createGroups: rateSources.createGroups.value,
  changeGroups: rateSources.changeGroups.value,
  groupActions: rateSources.groupActions.value,
  deleteGroups: rateSources.deleteGroups.value,
  addAcls: rateSources.addAcls.value,
  deleteAcls: rateSources.deleteAcls.value,
  createSchedules: rateSources.createSchedules.value,
  changeSchedules: rateSources.changeSchedules.value,
  deleteSchedules: rateSources.deleteSchedules.value,
  createBackups: rateSources.createBackups.value,
  deleteBackups: rateSources.deleteBackups.value,
  createConfigurations: rateSources.createConfigurations.value,
  changeConfigurations: rateSources.changeConfigurations.value,
  deleteConfigurations: rateSources.deleteConfigurations.value,
  databases: rateSources.databases.value,
  users: rateSources.users.value,
});
