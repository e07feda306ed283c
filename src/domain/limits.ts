/** Counted limits of the service. Every one can be set when a simulator is made. */
export interface Limits {
  /** Largest volume, in GB. */
  readonly volumeGbMax: number;
  /** Longest name of an instance or a group, in characters. */
  readonly nameLengthMax: number;
  /** Most replicas of one source. */
  readonly replicasPerSource: number;
  /** Smallest flavor that can replicate, in MB of memory; holds for source and replica. */
  readonly replicationRamMbMin: number;
  /** Most instances of one account, replicas and members of groups included. */
  readonly instancesPerAccount: number;
  /** Longest name of a database, in characters. */
  readonly databaseNameLengthMax: number;
  /** Longest name of a user of databases, in characters. */
  readonly userNameLengthMax: number;
  /** Longest name of a backup, in characters. */
  readonly backupNameLengthMax: number;
  /** Fewest full backups that a schedule may keep. */
  readonly fullBackupRetentionMin: number;
  /** Most items on one page of a listing; also the size of a page when none is asked for. */
  readonly pageSizeMax: number;
}

/** One limit: its default, and where the figure comes from. Docs, schemas and tests read this table. */
export interface LimitSource {
  readonly value: number;
  readonly source: string;
  readonly says: string;
}

/** The documented figures, each with its source mark. */
export const limitSources: { readonly [K in keyof Limits]: LimitSource } = {
  volumeGbMax: { value: 300, source: "R2 C11 [api]", says: "Largest volume in GB" },
  nameLengthMax: { value: 255, source: "R3 [api]", says: "Longest name in characters" },
  replicasPerSource: { value: 2, source: "R8 [docs]", says: "Most replicas of one source" },
  replicationRamMbMin: {
    value: 1024,
    source: "R9 R65 [docs]",
    says: "Smallest flavor that can replicate, in MB",
  },
  instancesPerAccount: { value: 25, source: "R25 [docs]", says: "Most instances of one account" },
  databaseNameLengthMax: { value: 64, source: "§1.1 [docs]", says: "Longest name of a database" },
  userNameLengthMax: { value: 16, source: "§1.1 [docs]", says: "Longest name of a user" },
  backupNameLengthMax: { value: 64, source: "§1.9 [docs]", says: "Longest name of a backup" },
  fullBackupRetentionMin: {
    value: 2,
    source: "R102 [howto]",
    says: "Fewest full backups that a schedule may keep",
  },
  pageSizeMax: { value: 20, source: "§4.5 C27 [docs]", says: "Most items on one page" },
};

/** The limits of the documented service. */
export const documentedLimits: Limits = {
  volumeGbMax: limitSources.volumeGbMax.value,
  nameLengthMax: limitSources.nameLengthMax.value,
  replicasPerSource: limitSources.replicasPerSource.value,
  replicationRamMbMin: limitSources.replicationRamMbMin.value,
  instancesPerAccount: limitSources.instancesPerAccount.value,
  databaseNameLengthMax: limitSources.databaseNameLengthMax.value,
  userNameLengthMax: limitSources.userNameLengthMax.value,
  backupNameLengthMax: limitSources.backupNameLengthMax.value,
  fullBackupRetentionMin: limitSources.fullBackupRetentionMin.value,
  pageSizeMax: limitSources.pageSizeMax.value,
};
