import { deepFreeze } from "../collections/deepFreeze.js";
/** Limits of the service. Every limit is an option of the simulator. */
export interface Limits {
  /** Maximum volume size, in GB. */
  readonly maxVolumeGb: number;
  /** Maximum length of the name of an instance or a group, in characters. */
  readonly maxNameLength: number;
  /** Maximum number of replicas per source. */
  readonly maxReplicasPerSource: number;
  /** Minimum flavor for replication, in MB of memory; for source and replica. */
  readonly minReplicationRamMb: number;
  /** Maximum number of instances per account, replicas and members of groups included. */
  readonly maxInstancesPerAccount: number;
  /** Maximum length of a database name, in characters. */
  readonly maxDatabaseNameLength: number;
  /** Maximum length of the name of a database user, in characters. */
  readonly maxUserNameLength: number;
  /** Maximum length of the name of a backup, in characters. */
  readonly maxBackupNameLength: number;
  /** Minimum number of full backups that a schedule keeps. */
  readonly minFullBackupRetention: number;
  /** Maximum and default number of items on one page of a listing. */
  readonly maxPageSize: number;
}

/** One limit: its default and its source. Docs, schemas and tests read this table. */
export interface LimitSource {
  readonly value: number;
  readonly source: string;
  readonly description: string;
}

/** The documented figures, each with its source mark. */
export const limitSources: { readonly [K in keyof Limits]: LimitSource } = {
  maxVolumeGb: { value: 300, source: "R2 C11 [api]", description: "Largest volume in GB" },
  maxNameLength: { value: 255, source: "R3 [api]", description: "Longest name in characters" },
  maxReplicasPerSource: {
    value: 2,
    source: "R8 [docs]",
    description: "Most replicas of one source",
  },
  minReplicationRamMb: {
    value: 1024,
    source: "R9 R65 [docs]",
    description: "Smallest flavor that can replicate, in MB",
  },
  maxInstancesPerAccount: {
    value: 25,
    source: "R25 [docs]",
    description: "Most instances of one account",
  },
  maxDatabaseNameLength: {
    value: 64,
    source: "§1.1 [docs]",
    description: "Longest name of a database",
  },
  maxUserNameLength: { value: 16, source: "§1.1 [docs]", description: "Longest name of a user" },
  maxBackupNameLength: {
    value: 64,
    source: "§1.9 [docs]",
    description: "Longest name of a backup",
  },
  minFullBackupRetention: {
    value: 2,
    source: "R102 [howto]",
    description: "Fewest full backups that a schedule may keep",
  },
  maxPageSize: { value: 20, source: "§4.5 C27 [docs]", description: "Most items on one page" },
};

/** The limits of the documented service. */
export const documentedLimits: Limits = /* @__PURE__ */ deepFreeze({
  maxVolumeGb: limitSources.maxVolumeGb.value,
  maxNameLength: limitSources.maxNameLength.value,
  maxReplicasPerSource: limitSources.maxReplicasPerSource.value,
  minReplicationRamMb: limitSources.minReplicationRamMb.value,
  maxInstancesPerAccount: limitSources.maxInstancesPerAccount.value,
  maxDatabaseNameLength: limitSources.maxDatabaseNameLength.value,
  maxUserNameLength: limitSources.maxUserNameLength.value,
  maxBackupNameLength: limitSources.maxBackupNameLength.value,
  minFullBackupRetention: limitSources.minFullBackupRetention.value,
  maxPageSize: limitSources.maxPageSize.value,
});
