/* Request bodies by operation, as examples. A test validates each against its schema and the service. */

const instanceId = "5f0c1a52-6d0e-4c5b-9a37-0d8a3c1f2b01";
const replicaId = "5f0c1a52-6d0e-4c5b-9a37-0d8a3c1f2b02";
const haId = "5f0c1a52-6d0e-4c5b-9a37-0d8a3c1f2b03";
const configurationId = "5f0c1a52-6d0e-4c5b-9a37-0d8a3c1f2b04";
const backupId = "5f0c1a52-6d0e-4c5b-9a37-0d8a3c1f2b05";

const size = { flavorRef: "2", volume: { size: 10 } };

/** An example body with its description. */
export interface BodyExample {
  readonly summary: string;
  readonly value: object;
}

/** Examples by operation id, then by name. */
export const bodyExamples: Readonly<Record<string, Readonly<Record<string, BodyExample>>>> = {
  logIn: {
    password: {
      summary: "With a password",
      value: {
        auth: { passwordCredentials: { username: "ada", password: "word" }, tenantId: "1234" },
      },
    },
    apiKey: {
      summary: "With an API key",
      value: { auth: { "RAX-KSKEY:apiKeyCredentials": { username: "ada", apiKey: "key" } } },
    },
    token: {
      summary: "With a token that is still valid",
      value: { auth: { token: { id: "token" }, tenantName: "lab" } },
    },
  },
  createInstance: {
    instance: { summary: "An instance", value: { instance: { name: "orders", ...size } } },
    replica: {
      summary: "A replica of it",
      value: { instance: { name: "orders-eu", ...size, replica_of: instanceId } },
    },
    restored: {
      summary: "An instance from a backup",
      value: { instance: { name: "again", ...size, restorePoint: { backupRef: backupId } } },
    },
  },
  changeInstance: {
    detach: { summary: "Detach a replica", value: { instance: { replica_of: "" } } },
    rename: { summary: "Rename an instance", value: { instance: { name: "users" } } },
  },
  configureInstance: {
    attach: {
      summary: "Attach a configuration",
      value: { instance: { configuration: configurationId } },
    },
    detach: {
      summary: "Detach the present configuration",
      value: { instance: { configuration: null } },
    },
  },
  convertToHa: {
    convert_to_ha: {
      summary: "Convert to an HA group",
      value: { convert_to_ha: { name: "orders-ha", acls: [{ address: "10.0.0.0/8" }] } },
    },
  },
  restartInstance: { restart: { summary: "Restart", value: { restart: {} } } },
  resizeInstance: {
    resize_flavor: { summary: "Another flavor", value: { resize: { flavorRef: "3" } } },
    resize_volume: { summary: "A larger volume", value: { resize: { volume: { size: 20 } } } },
  },
  createDatabases: {
    databases: {
      summary: "Two databases",
      value: { databases: [{ name: "shop", character_set: "utf8" }, { name: "stock" }] },
    },
  },
  createUsers: {
    users: {
      summary: "A user of one database",
      value: { users: [{ name: "clerk", password: "secret", databases: [{ name: "shop" }] }] },
    },
  },
  createHaGroup: {
    group: {
      summary: "A source and a replica",
      value: {
        ha: {
          name: "orders-ha",
          datastore: { type: "mysql", version: "5.6" },
          replica_source: [{ name: "orders", ...size }],
          replicas: [{ name: "orders-eu", ...size }],
          acls: [{ address: "10.0.0.0/8" }],
        },
      },
    },
  },
  configureHaGroup: {
    attach: {
      summary: "Attach a configuration",
      value: { ha_instance: { configuration: configurationId } },
    },
  },
  addAcl: { acl: { summary: "Let a range in", value: { address: "10.1.0.0/16" } } },
  addReplica: {
    add_replica: {
      summary: "Another replica",
      value: { add_replica: { replica_details: { name: "orders-us", ...size } } },
    },
  },
  removeReplica: {
    remove_replica: { summary: "A replica less", value: { remove_replica: replicaId } },
  },
  restartHaGroup: { restart: { summary: "Restart all members", value: { restart: {} } } },
  resizeHaGroupFlavor: {
    resize_flavor: { summary: "Another flavor", value: { resize_flavor: "3" } },
  },
  resizeHaGroupVolumes: {
    resize_volumes: { summary: "Larger volumes", value: { resize_volumes: { size: 20 } } },
  },
  createBackup: {
    backup: {
      summary: "Of an instance",
      value: { backup: { name: "before the move", instance: instanceId } },
    },
    ofGroup: {
      summary: "Of an HA group",
      value: { backup: { name: "nightly", source: { type: "ha", id: haId } } },
    },
  },
  createSchedule: {
    schedule: {
      summary: "Each Sunday at half past three",
      value: {
        schedule: {
          action: "backup",
          day_of_week: 0,
          hour: 3,
          minute: 30,
          source_type: "instance",
          source_id: instanceId,
        },
      },
    },
  },
  changeSchedule: {
    later: { summary: "Another hour", value: { schedule: { hour: 4 } } },
    now: { summary: "Run it now", value: { schedule: { run_now: true } } },
  },
  updateConfiguration: {
    values: {
      summary: "Another value for a parameter",
      value: { configuration: { values: { long_query_time: 2 } } },
    },
  },
  replaceConfiguration: {
    values: {
      summary: "All values, and another name",
      value: { configuration: { name: "quick queries", values: { long_query_time: 1 } } },
    },
  },
  createConfiguration: {
    configuration: {
      summary: "A configuration",
      value: { configuration: { name: "slow queries", values: { long_query_time: 5 } } },
    },
  },
};
