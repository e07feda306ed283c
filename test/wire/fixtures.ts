import { ReplicationSimulator } from "replication-simulator";
import type { WireOptions, WireRequest } from "replication-simulator/wire";

/*
 * The situations that the documents show examples of, with values of our own. Each gives a world and the request
 * that is made in it; `test/golden/wire` has the request and the answer under the name of the situation.
 */

/** A world in which something is asked. */
export interface Situation {
  readonly sim: ReplicationSimulator;
  readonly request: WireRequest;
  readonly options?: WireOptions;
}

const flavorRef = "2";
const volume = { size: 5 };
const size = { flavorId: flavorRef, volumeGb: 5 };

const start = Date.UTC(2026, 2, 5, 9, 30);

function empty(): ReplicationSimulator {
  return new ReplicationSimulator({ seed: 2026, startAt: start, region: "DFW" });
}

function lone() {
  const sim = empty();
  const source = sim.createInstance({ name: "orders", ...size });
  sim.settle();
  return { sim, source };
}

function pair() {
  const { sim, source } = lone();
  const replica = sim.createReplica({ name: "orders-copy", ...size, replicaOf: source.id });
  sim.settle();
  return { sim, source, replica };
}

function trio() {
  const { sim, source, replica } = pair();
  const second = sim.createReplica({ name: "orders-reports", ...size, replicaOf: source.id });
  sim.settle();
  return { sim, source, replica, second };
}

function group() {
  const sim = empty();
  const { id } = sim.createHaGroup({
    name: "shop",
    source: { name: "shop-a", ...size },
    replicas: [{ name: "shop-b", ...size }],
  });
  sim.settle();
  const found = sim.getGroup(id);
  return { sim, id, sourceId: found.sourceId ?? "", replicaId: found.replicaIds[0] ?? "" };
}

function groupOfThree() {
  const { sim, id } = group();
  const added = sim.addReplica(id, { name: "shop-c", ...size });
  sim.settle();
  return { sim, id, added };
}

function tuned() {
  const { sim, ...rest } = group();
  const configuration = sim.createConfiguration({
    name: "longer-waits",
    values: { wait_timeout: 600 },
  });
  return { sim, configuration, ...rest };
}

function scheduled() {
  const { sim, source } = lone();
  const schedule = sim.createSchedule({ ownerId: source.id, dayOfWeek: 2, hour: 4, minute: 45 });
  return { sim, source, schedule };
}

function send(method: string, path: string, body?: unknown): WireRequest {
  return body === undefined ? { method, path } : { method, path, body };
}

function action(path: string, body: unknown): WireRequest {
  return send("POST", `${path}/action`, body);
}

/** By the names of the examples that they stand for. */
export const situations: Readonly<Record<string, () => Situation>> = {
  "replication-create-replica": () => {
    const { sim, source } = lone();
    const instance = { volume, flavorRef, name: "orders-copy", replica_of: source.id };
    return { sim, request: send("POST", "/instances", { instance }) };
  },
  "replication-list-all-replicas-and-replica-source-database-instances": () => ({
    sim: trio().sim,
    request: send("GET", "/instances"),
  }),
  "replication-list-all-instances-replica-sources-and-filter-out-replicas": () => ({
    sim: trio().sim,
    request: { ...send("GET", "/instances"), query: { include_replicas: "false" } },
  }),
  "replication-list-replica-source": () => {
    const { sim, source } = pair();
    return { sim, request: send("GET", `/instances/${source.id}`) };
  },
  "replication-list-replica-details": () => {
    const { sim, replica } = pair();
    return { sim, request: send("GET", `/instances/${replica.id}`) };
  },
  "replication-detach-replica": () => {
    const { sim, replica } = pair();
    const body = { instance: { replica_of: "" } };
    return { sim, request: send("PATCH", `/instances/${replica.id}`, body) };
  },
  "replication-list-replicas-for-source-instance": () => {
    const { sim, source } = trio();
    return { sim, request: send("GET", `/instances/${source.id}/replicas`) };
  },
  "replication-convert-replication-setup-to-ha": () => {
    const { sim, replica } = pair();
    const convert = { name: "orders-ha", acls: [{ address: "10.20.0.0/16" }] };
    return { sim, request: action(`/instances/${replica.id}`, { convert_to_ha: convert }) };
  },
  "instance-create-database-instance": () => {
    const instance = {
      name: "orders",
      flavorRef: 2,
      volume,
      databases: [
        { name: "shop", character_set: "utf8", collate: "utf8_general_ci" },
        { name: "audit" },
      ],
      users: [{ name: "clerk", password: "not_a_secret", databases: [{ name: "shop" }] }],
    };
    return { sim: empty(), request: send("POST", "/instances", { instance }) };
  },
  "instance-create-database-instance-restore": () => {
    const { sim, source } = lone();
    const backup = sim.createBackup({ name: "before-launch", ownerId: source.id });
    sim.settle();
    const restorePoint = { backupRef: backup.id };
    const instance = { name: "orders-again", flavorRef: 2, volume, restorePoint };
    return { sim, request: send("POST", "/instances", { instance }) };
  },
  "instance-list-database-instance-status-and-details": () => {
    const { sim, source } = lone();
    return {
      sim,
      request: send("GET", `/instances/${source.id}`),
      options: { addressStyle: "hostname" },
    };
  },
  "instance-list-database-instance-status-and-details-with-configuration": () => {
    const { sim, source } = lone();
    const configuration = sim.createConfiguration({
      name: "longer-waits",
      values: { wait_timeout: 600 },
    });
    sim.attachConfiguration(source.id, configuration.id);
    sim.settle();
    return {
      sim,
      request: send("GET", `/instances/${source.id}`),
      options: { addressStyle: "hostname" },
    };
  },
  "instance-list-details-of-a-source-instance-in-an-ha-setup": () => {
    const { sim, sourceId } = group();
    return {
      sim,
      request: send("GET", `/instances/${sourceId}`),
      options: { timestampStyle: "zulu" },
    };
  },
  "instance-list-details-of-a-replica-instance-in-an-ha-setup": () => {
    const { sim, replicaId } = group();
    return {
      sim,
      request: send("GET", `/instances/${replicaId}`),
      options: { timestampStyle: "zulu" },
    };
  },
  "ha-create-ha-database-instance": () => {
    const sim = empty();
    const configuration = sim.createConfiguration({
      name: "longer-waits",
      values: { wait_timeout: 600 },
    });
    const ha = {
      name: "shop",
      datastore: { type: "MYSQL", version: "5.6" },
      replica_source: [{ name: "shop-a", flavorRef, volume }],
      replicas: [{ name: "shop-b", flavorRef, volume }],
      networks: ["servicenet", "public"],
      acls: [{ address: "10.20.0.0/16" }, { address: "192.0.2.7/32" }],
      configuration: configuration.id,
    };
    return { sim, request: send("POST", "/ha", { ha }) };
  },
  "ha-list-all-ha-database-instances": () => {
    const { sim } = group();
    const { id } = sim.createHaGroup({ name: "old", source: size, replicas: [size] });
    sim.settle();
    sim.deleteHaGroup(id);
    return { sim, request: send("GET", "/ha") };
  },
  "ha-list-ha-database-instance-details": () => {
    const { sim, id } = group();
    return { sim, request: send("GET", `/ha/${id}`) };
  },
  "ha-list-ha-database-instance-details-after-configuration-group-attached": () => {
    const { sim, id, configuration } = tuned();
    sim.attachGroupConfiguration(id, configuration.id);
    sim.settle();
    return { sim, request: send("GET", `/ha/${id}`) };
  },
  "ha-delete-ha-database-instance": () => {
    const { sim, id } = group();
    return { sim, request: send("DELETE", `/ha/${id}`) };
  },
  "ha-add-acls-to-an-ha-instance": () => {
    const { sim, id } = group();
    return { sim, request: send("POST", `/ha/${id}/acls`, { address: "192.0.2.7/32" }) };
  },
  "ha-list-acls-for-an-ha-instance": () => {
    const { sim, id } = group();
    sim.addAcl(id, "192.0.2.7/32");
    return { sim, request: send("GET", `/ha/${id}/acls`) };
  },
  "ha-delete-acls-from-an-ha-instance": () => {
    const { sim, id } = group();
    sim.addAcl(id, "192.0.2.7/32");
    return { sim, request: send("DELETE", `/ha/${id}/acls/192.0.2.7%25252F32`) };
  },
  "ha-add-replica-to-an-ha-instance": () => {
    const { sim, id } = group();
    const replica_details = { name: "shop-c", flavorRef, volume };
    return { sim, request: action(`/ha/${id}`, { add_replica: { replica_details } }) };
  },
  "ha-remove-replica-from-an-ha-instance": () => {
    const { sim, id, added } = groupOfThree();
    return { sim, request: action(`/ha/${id}`, { remove_replica: added.id }) };
  },
  "ha-resize-volume-for-an-ha-instance": () => {
    const { sim, id } = group();
    return { sim, request: action(`/ha/${id}`, { resize_volumes: { size: 20 } }) };
  },
  "ha-resize-flavor-for-an-ha-instance": () => {
    const { sim, id } = group();
    return { sim, request: action(`/ha/${id}`, { resize_flavor: "4" }) };
  },
  "ha-restart-ha-instance": () => {
    const { sim, id } = group();
    return { sim, request: action(`/ha/${id}`, { restart: {} }) };
  },
  "ha-upgrade-ha-instance": () => {
    const { sim, id } = group();
    const upgrade = { datastore_type: "mysql", datastore_version: "5.7" };
    return { sim, request: action(`/ha/${id}`, { upgrade }) };
  },
  "ha-attach-configuration-group-to-ha-instance": () => {
    const { sim, id, configuration } = tuned();
    const body = { ha_instance: { configuration: configuration.id } };
    return { sim, request: send("PATCH", `/ha/${id}`, body) };
  },
  "ha-remove-configuration-group-from-ha-instance": () => {
    const { sim, id, configuration } = tuned();
    sim.attachGroupConfiguration(id, configuration.id);
    sim.settle();
    return { sim, request: send("PATCH", `/ha/${id}`, { ha_instance: { configuration: "" } }) };
  },
  "ha-create-backup-for-an-ha-instance": () => {
    const { sim, id } = group();
    const backup = {
      name: "shop-full",
      description: "before the sale",
      instance: null,
      source: { type: "ha", id },
    };
    return {
      sim,
      request: send("POST", "/backups", { backup }),
      options: { timestampStyle: "zulu" },
    };
  },
  "ha-create-incremental-backup": () => {
    const { sim, id } = group();
    const parent = sim.createBackup({ name: "shop-full", ownerKind: "ha", ownerId: id });
    sim.settle();
    const backup = {
      name: "shop-since",
      description: "after the sale",
      instance: null,
      parent_id: parent.id,
      source: { type: "ha", id },
    };
    return {
      sim,
      request: send("POST", "/backups", { backup }),
      options: { timestampStyle: "zulu" },
    };
  },
  "ha-list-backups-of-an-ha-instance": () => {
    const { sim, id } = group();
    const full = { ownerKind: "ha", ownerId: id, description: "before the sale" } as const;
    const parent = sim.createBackup({ name: "shop-full", ...full });
    sim.settle();
    sim.createBackup({ ...full, name: "shop-since", parentId: parent.id });
    sim.settle();
    return {
      sim,
      request: send("GET", `/ha/${id}/backups`),
      options: { timestampStyle: "zulu" },
    };
  },
  "schedule-create-scheduled-backup": () => {
    const { sim, source } = lone();
    const schedule = {
      action: "backup",
      day_of_week: 2,
      hour: 4,
      minute: 45,
      instance_id: source.id,
    };
    return { sim, request: send("POST", "/schedules", { schedule }) };
  },
  "schedule-create-scheduled-backup-with-copy-to": () => {
    const { sim, source } = lone();
    const schedule = {
      action: "backup",
      day_of_week: 2,
      hour: 4,
      minute: 45,
      instance_id: source.id,
      copy_to: ["IAD", "HKG"],
    };
    return { sim, request: send("POST", "/schedules", { schedule }) };
  },
  "schedule-list-scheduled-backups": () => ({
    sim: scheduled().sim,
    request: send("GET", "/schedules"),
  }),
  "schedule-list-schedule-for-running-backup-by-schedule-id": () => {
    const { sim, schedule } = scheduled();
    return { sim, request: send("GET", `/schedules/${schedule.id}`) };
  },
  "schedule-update-schedule-for-backups-by-schedule-id": () => {
    const { sim, schedule } = scheduled();
    const changes = { day_of_week: 5, hour: 23, minute: 5, run_now: "true" };
    return { sim, request: send("PUT", `/schedules/${schedule.id}`, { schedule: changes }) };
  },
  "schedule-delete-schedule-for-running-backup-by-schedule-id": () => {
    const { sim, schedule } = scheduled();
    return { sim, request: send("DELETE", `/schedules/${schedule.id}`) };
  },
  "fault-badrequest-fault-on-volume-size-errors": () => {
    const instance = { name: "orders", flavorRef, volume: { size: -3 } };
    return { sim: empty(), request: send("POST", "/instances", { instance }) };
  },
  "fault-fault": () => {
    const { sim, source } = lone();
    sim.inject({ kind: "outage", respondWith: "instanceFault" });
    return { sim, request: send("GET", `/instances/${source.id}`) };
  },
  "fault-itemnotfound-fault": () => ({
    sim: empty(),
    request: send("GET", "/instances/5b1a5e3c-7d11-4c8f-9f0a-2f6d1c0e9a44"),
  }),
};
