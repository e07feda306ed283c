import fc from "fast-check";
import type { ApiRequest } from "./apiRequest.js";

/** Resources that a request can name by an id that the service has given. */
export const apiKinds = ["instances", "groups", "backups", "schedules", "configurations"] as const;

/** A kind of resource with an id. */
export type ApiKind = (typeof apiKinds)[number];

/** Instances by what they are now: sources with replicas, replicas, and replicas of HA groups. */
export type ApiRole = "sources" | "replicas" | "members";

/** Resources that a request may refer to. */
export interface Named {
  /** The id of an earlier resource: the place in the order of creation, modulo their number. */
  readonly idAt: (kind: ApiKind | ApiRole, place: number) => string;
  /** A name that nothing else has: what a group or a backup creates is matched by its name. */
  readonly freshName: string;
}

/** A request, as soon as it is known what it names. */
export interface RequestOf {
  readonly build: (world: Named) => ApiRequest;
  /** Left out while there is nothing of this kind: most requests about nothing say the same. */
  readonly needs?: ApiKind | ApiRole | undefined;
}

type Requests = fc.Arbitrary<RequestOf>;

/** Requests of every operation of the API. What others need comes more often. */
export function requestArbitrary(): fc.Arbitrary<RequestOf> {
  const weighted = (weight: number, arbitrary: Requests) => ({ weight, arbitrary });
  return fc.oneof(
    weighted(6, createInstance),
    weighted(8, createReplica),
    weighted(4, createGroup),
    weighted(4, createBackup),
    weighted(4, createSchedule),
    weighted(2, createConfiguration),
    weighted(14, fc.oneof(...changesOfInstances)),
    weighted(12, fc.oneof(...contents)),
    weighted(16, fc.oneof(...changesOfGroups)),
    weighted(6, fc.oneof(...changesOfOthers)),
    weighted(6, fc.oneof(...deletions)),
    weighted(16, fc.oneof(...reads)),
    weighted(2, fc.oneof(...catalog)),
  );
}

const unknownPlace = 6;
const place = fc.nat({ max: unknownPlace });
// Values that are mostly accepted are repeated.
const name = fc.constantFrom("orders", "eu", "us", "ap", "db", "");
const size = fc.constantFrom(10, 10, 20, 20, 30, 0);
const flavorRef = fc.constantFrom("2", "2", "2", "3", "3", "4", "1", "none");
const instance = fc.record({ name, flavorRef, volume: fc.record({ size }) });
const node = { flavorRef: "2", volume: { size: 10 } } as const;
const lookupName = fc.constantFrom("shop", "shop", "stock", "nothing");

/** A request about the nth resource of a kind, or about one that does not exist. */
function about<T>(
  kind: ApiKind | ApiRole,
  rest: fc.Arbitrary<T>,
  request: (id: string, rest: T, world: Named) => ApiRequest,
): Requests {
  return fc.tuple(place, rest).map(([nth, value]) => ({
    build: (world) => request(idOf(world, kind, nth), value, world),
    needs: nth === unknownPlace ? undefined : kind,
  }));
}

/** A request about one resource of each of two kinds. */
function aboutTwo(
  [first, second]: readonly [ApiKind, ApiKind | ApiRole],
  request: (ids: readonly [string, string], world: Named) => ApiRequest,
): Requests {
  return fc.tuple(place, place).map(([one, other]) => ({
    build: (world) => request([idOf(world, first, one), idOf(world, second, other)], world),
    needs: other === unknownPlace ? undefined : second,
  }));
}

function idOf({ idAt }: Named, kind: ApiKind | ApiRole, nth: number): string {
  return nth === unknownPlace ? unknownId : idAt(kind, nth);
}

const unknownId = "00000000-0000-4000-8000-000000000000";

const nothing = fc.constant(undefined);

const shop = { databases: [{ name: "shop" }], users: [{ name: "shop", password: "secret" }] };

const createInstance: Requests = fc
  .tuple(instance, fc.constantFrom({}, shop))
  .map(([body, inside]) => ({
    build: () => post("/instances", { instance: { ...body, ...inside } }),
  }));

const createReplica = about("instances", instance, (id, body) =>
  post("/instances", { instance: { ...body, replica_of: id } }),
);

const createGroup: Requests = fc.constantFrom(0, 1, 2).map((replicas) => ({
  build: ({ freshName }) =>
    post("/ha", {
      ha: {
        name: freshName,
        datastore: { type: "mysql", version: "5.6" },
        replica_source: [{ name: `${freshName}-source`, ...node }],
        replicas: Array.from({ length: replicas }, (_, index) => ({
          name: `${freshName}-replica-${String(index + 1)}`,
          ...node,
        })),
        acls: [{ address: "10.0.0.0/8" }],
      },
    }),
}));

const createBackup = fc.oneof<Requests[]>(
  about("instances", nothing, (id, _, { freshName }) =>
    post("/backups", { backup: { name: freshName, instance: id } }),
  ),
  about("groups", nothing, (id, _, { freshName }) =>
    post("/backups", { backup: { name: freshName, source: { type: "ha", id } } }),
  ),
  aboutTwo(["instances", "backups"], ([owner, parent], { freshName }) =>
    post("/backups", { backup: { name: freshName, instance: owner, parent_id: parent } }),
  ),
);

// Everything is given: what is left out is drawn by each service.
const times = fc.record({
  day_of_week: fc.constantFrom(0, 1, 6, 7, 8),
  hour: fc.constantFrom(0, 3, 12, 23, 24),
  minute: fc.constantFrom(0, 30, 59),
});

const createSchedule = fc.oneof<Requests[]>(
  about("instances", times, (id, at) =>
    post("/schedules", {
      schedule: { action: "backup", ...at, source_type: "instance", source_id: id },
    }),
  ),
  about("groups", times, (id, at) =>
    post("/schedules", { schedule: { action: "backup", ...at, source_type: "ha", source_id: id } }),
  ),
);

const values = fc.constantFrom(
  { long_query_time: 5 },
  { innodb_log_file_size: 48 },
  { max_connections: 100, sql_mode: "ANSI" },
  {},
);

const createConfiguration: Requests = values.map((of) => ({
  build: ({ freshName }) =>
    post("/configurations", { configuration: { name: freshName, values: of } }),
}));

const changesOfInstances: readonly Requests[] = [
  ...(["instances", "replicas"] as const).map((kind) =>
    about(kind, nothing, (id) => patch(`/instances/${id}`, { instance: { replica_of: "" } })),
  ),
  about("instances", name, (id, to) => patch(`/instances/${id}`, { instance: { name: to } })),
  aboutTwo(["instances", "configurations"], ([id, configuration]) =>
    put(`/instances/${id}`, { instance: { configuration } }),
  ),
  about("instances", nothing, (id) =>
    put(`/instances/${id}`, { instance: { configuration: null } }),
  ),
  about("instances", nothing, (id) => post(`/instances/${id}/action`, { restart: {} })),
  about("instances", size, (id, to) =>
    post(`/instances/${id}/action`, { resize: { volume: { size: to } } }),
  ),
  about("instances", flavorRef, (id, to) =>
    post(`/instances/${id}/action`, { resize: { flavorRef: to } }),
  ),
  ...(["instances", "sources", "sources"] as const).map((kind) =>
    about(kind, nothing, (id, _, { freshName }) =>
      post(`/instances/${id}/action`, { convert_to_ha: { name: freshName } }),
    ),
  ),
  about("backups", nothing, (id, _, { freshName }) =>
    post("/instances", { instance: { ...node, name: freshName, restorePoint: { backupRef: id } } }),
  ),
];

const contents: readonly Requests[] = [
  about("instances", nothing, (id) =>
    post(`/instances/${id}/databases`, {
      databases: [{ name: "shop", character_set: "utf8" }, { name: "stock" }],
    }),
  ),
  about("instances", fc.constantFrom([], [{ name: "shop" }]), (id, databases) =>
    post(`/instances/${id}/users`, {
      users: [{ name: "shop", password: "secret", databases }],
    }),
  ),
  about("instances", nothing, (id) => get(`/instances/${id}/databases`)),
  about("instances", nothing, (id) => get(`/instances/${id}/users`)),
  about("instances", lookupName, (id, of) => remove(`/instances/${id}/databases/${of}`)),
  about("instances", lookupName, (id, of) => remove(`/instances/${id}/users/${of}`)),
];

const address = fc.constantFrom("10.0.0.0/8", "10.0.0.0/8", "10.1.0.0/16", "nowhere");

const changesOfGroups: readonly Requests[] = [
  about("groups", address, (id, to) => post(`/ha/${id}/acls`, { address: to })),
  about("groups", address, (id, of) => remove(`/ha/${id}/acls/${encodeURIComponent(of)}`)),
  about("groups", nothing, (id) => post(`/ha/${id}/action`, { restart: {} })),
  about("groups", nothing, (id, _, { freshName }) =>
    post(`/ha/${id}/action`, { add_replica: { replica_details: { name: freshName, ...node } } }),
  ),
  aboutTwo(["groups", "members"], ([id, member]) =>
    post(`/ha/${id}/action`, { remove_replica: member }),
  ),
  aboutTwo(["groups", "instances"], ([id, member]) =>
    post(`/ha/${id}/action`, { remove_replica: member }),
  ),
  about("groups", flavorRef, (id, to) => post(`/ha/${id}/action`, { resize_flavor: to })),
  about("groups", size, (id, to) => post(`/ha/${id}/action`, { resize_volumes: { size: to } })),
  aboutTwo(["groups", "configurations"], ([id, configuration]) =>
    patch(`/ha/${id}`, { ha_instance: { configuration } }),
  ),
];

const changesOfOthers: readonly Requests[] = [
  about("schedules", times, (id, at) => put(`/schedules/${id}`, { schedule: at })),
  about("schedules", nothing, (id) => put(`/schedules/${id}`, { schedule: { run_now: true } })),
  about("configurations", values, (id, of) =>
    patch(`/configurations/${id}`, { configuration: { values: of } }),
  ),
  about("configurations", values, (id, of, { freshName }) =>
    put(`/configurations/${id}`, { configuration: { name: freshName, values: of } }),
  ),
];

const deletions: readonly Requests[] = [
  about("instances", nothing, (id) => remove(`/instances/${id}`)),
  about("instances", nothing, (id) => remove(`/instances/${id}`)),
  about("groups", nothing, (id) => remove(`/ha/${id}`)),
  about("backups", nothing, (id) => remove(`/backups/${id}`)),
  about("schedules", nothing, (id) => remove(`/schedules/${id}`)),
  about("configurations", nothing, (id) => remove(`/configurations/${id}`)),
];

const reads: readonly Requests[] = [
  fc
    .constantFrom("/instances", "/ha", "/backups", "/schedules", "/configurations")
    .map((path) => ({ build: () => get(path) })),
  about("instances", nothing, (id) => get(`/instances/${id}`)),
  about("instances", nothing, (id) => get(`/instances/${id}`)),
  about("instances", fc.constantFrom("replicas", "backups"), (id, what) =>
    get(`/instances/${id}/${what}`),
  ),
  about("groups", nothing, (id) => get(`/ha/${id}`)),
  about("groups", fc.constantFrom("acls", "backups"), (id, what) => get(`/ha/${id}/${what}`)),
  about("backups", nothing, (id) => get(`/backups/${id}`)),
  about("schedules", nothing, (id) => get(`/schedules/${id}`)),
  about("configurations", fc.constantFrom("", "/instances"), (id, what) =>
    get(`/configurations/${id}${what}`),
  ),
];

const version = fc.constantFrom("5.6", "5.7", "none");

const catalog: readonly Requests[] = [
  fc.constantFrom("/flavors", "/datastores").map((path) => ({ build: () => get(path) })),
  flavorRef.map((id) => ({ build: () => get(`/flavors/${id}`) })),
  fc.constantFrom("mysql", "none").map((id) => ({ build: () => get(`/datastores/${id}`) })),
  fc
    .constantFrom("mysql", "none")
    .map((id) => ({ build: () => get(`/datastores/${id}/versions`) })),
  version.map((of) => ({ build: () => get(`/datastores/mysql/versions/${of}`) })),
];

function get(path: string): ApiRequest {
  return { method: "GET", path };
}

function post(path: string, body: object): ApiRequest {
  return { method: "POST", path, body };
}

function put(path: string, body: object): ApiRequest {
  return { method: "PUT", path, body };
}

function patch(path: string, body: object): ApiRequest {
  return { method: "PATCH", path, body };
}

function remove(path: string): ApiRequest {
  return { method: "DELETE", path };
}
