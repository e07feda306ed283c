import { finish, hex, mix, mixText } from "../../collections/murmur3.js";
import { wantedDatastore } from "../../model/catalog.js";
import type { DatastoreVersion, Flavor } from "../../model/datastores.js";
import { linksOfReplicas, type WireContext } from "../context.js";
import type { Json, JsonObject } from "../json.js";

/** The id of a type of datastore: the catalog names types only, so the id is made from the name. */
export function datastoreIdOf(type: string): string {
  const hash = mixText(0, `datastore ${type}`);
  const word = (n: number): string => hex(finish(mix(hash, n)));
  const [a, b, c, d] = [word(0), word(1), word(2), word(3)];
  return `${a}-${b.slice(0, 4)}-4${b.slice(5)}-8${c.slice(1, 4)}-${c.slice(4)}${d}`;
}

/** A datastore with its versions (§1.4). */
export function datastoreBody(type: string, context: WireContext): JsonObject {
  const { catalog } = context.view;
  const id = datastoreIdOf(type);
  const versions = catalog.datastores.filter((known) => known.type === type);
  const byDefault = wantedDatastore(catalog, { type }).version;
  const chosen = versions.find(({ version }) => version === byDefault);
  return {
    id,
    name: type,
    ...(chosen === undefined ? {} : { default_version: chosen.versionId }),
    links: linksOfReplicas("datastores", id, context),
    versions: versions.map((version) => shortVersion(version, context)),
  };
}

/** A version of a datastore and what can be done with it (§1.4). */
export function datastoreVersionBody(known: DatastoreVersion, context: WireContext): JsonObject {
  return {
    ...shortVersion(known, context),
    datastore: datastoreIdOf(known.type),
    replication_supported: known.replication,
    ha_supported: known.ha,
    backup_supported: true,
    scheduled_backup_supported: true,
    configurations_supported: true,
    databases_supported: true,
    users_supported: true,
    volumes_supported: true,
    monitoring_supported: false,
    at_rest_encryption_supported: false,
    deprecated: known.deprecated,
    flavors: known.flavorIds.map((id) => ({
      id: flavorNumber(id),
      links: linksOfReplicas("flavors", id, context),
    })),
  };
}

/** A flavor of the catalog: here and in the details of a group its id is a number (Q2). */
export function flavorBody({ id, name, ramMb }: Flavor, context: WireContext): JsonObject {
  return { id: flavorNumber(id), name, ram: ramMb, links: linksOfReplicas("flavors", id, context) };
}

function shortVersion(known: DatastoreVersion, context: WireContext): JsonObject {
  const { version, versionId, type } = known;
  const links = linksOfReplicas(`datastores/${datastoreIdOf(type)}/versions`, versionId, context);
  return { id: versionId, name: version, links };
}

/** The id of a flavor as a number, where it is one. */
export function flavorNumber(id: string): Json {
  return /^\d{1,9}$/.test(id) ? Number(id) : id;
}
