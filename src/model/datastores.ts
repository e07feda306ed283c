/** A machine size. */
export interface Flavor {
  readonly id: string;
  readonly name: string;
  readonly ramMb: number;
}

/** A version of a datastore and its features. */
export interface DatastoreVersion {
  /** In lower case. */
  readonly type: string;
  readonly version: string;
  /** A UUID, as the API's listings of datastores have it. */
  readonly versionId: string;
  /** Whether instances of it can have replicas. */
  readonly replication: boolean;
  /** Whether its replication sets can become HA groups. */
  readonly ha: boolean;
  /** Deprecated versions refuse new instances, but allow replicas. */
  readonly deprecated: boolean;
  /** The flavors that it runs on. */
  readonly flavorIds: readonly string[];
}
