import { deepFreeze } from "../collections/deepFreeze.js";
import type { DatastoreVersion, Flavor } from "./datastores.js";

/** A datastore by type (any letter case) and version, each optional. */
export type DatastoreInput = Partial<Catalog["defaultDatastore"]>;

/** Flavors and datastores of the service. A simulator accepts another catalog as an option. */
export interface Catalog {
  /** In the order of the API's listing. */
  readonly flavors: readonly Flavor[];
  /** In the order of the API's listing. */
  readonly datastores: readonly DatastoreVersion[];
  /** Used when a request names no datastore; its type is also the default type. */
  readonly defaultDatastore: { readonly type: string; readonly version: string };
  /** Parameters that take effect only at a restart. */
  readonly staticParameters: readonly string[];
}

const everyFlavor = ["1", "2", "3", "4", "5", "6", "7", "8", "9"];
const flavorsFromOneGb = everyFlavor.slice(1);

/** Flavors and datastore versions of the service ([docs]); flavor 9 is the one that the API document's samples use (C40). */
export const documentedCatalog: Catalog = /* @__PURE__ */ deepFreeze({
  flavors: [
    { id: "1", name: "512MB Instance", ramMb: 512 },
    { id: "2", name: "1GB Instance", ramMb: 1024 },
    { id: "3", name: "2GB Instance", ramMb: 2048 },
    { id: "4", name: "4GB Instance", ramMb: 4096 },
    { id: "5", name: "8GB Instance", ramMb: 8192 },
    { id: "6", name: "16GB Instance", ramMb: 16384 },
    { id: "7", name: "32GB Instance", ramMb: 32768 },
    { id: "8", name: "64GB Instance", ramMb: 65536 },
    { id: "9", name: "1GB Instance (sample)", ramMb: 1024 },
  ],
  datastores: [
    version("mysql", "5.1", "51d5c3a1-0001-4000-8000-000000000051", everyFlavor, { old: true }),
    version("mysql", "5.6", "51d5c3a1-0001-4000-8000-000000000056", everyFlavor),
    version("mysql", "5.7", "51d5c3a1-0001-4000-8000-000000000057", flavorsFromOneGb),
    version("mysql", "8.0", "51d5c3a1-0001-4000-8000-000000000080", flavorsFromOneGb),
    version("percona", "5.6", "51d5c3a1-0002-4000-8000-000000000056", everyFlavor),
    version("percona", "5.7", "51d5c3a1-0002-4000-8000-000000000057", everyFlavor),
    version("mariadb", "10", "51d5c3a1-0003-4000-8000-000000000010", everyFlavor),
    version("mariadb", "10.4", "51d5c3a1-0003-4000-8000-000000000104", everyFlavor),
  ],
  defaultDatastore: { type: "mysql", version: "5.6" },
  staticParameters: [
    "innodb_buffer_pool_size",
    "innodb_log_buffer_size",
    "innodb_log_file_size",
    "innodb_open_files",
    "lower_case_table_names",
    "performance_schema",
    "skip_name_resolve",
    "thread_stack",
  ],
});

/** What is looked up in a catalog. */
interface CatalogIndex {
  readonly flavors: ReadonlyMap<string, Flavor>;
  /** By type, then by version. */
  readonly datastores: ReadonlyMap<string, ReadonlyMap<string, DatastoreVersion>>;
}

/** Made once for each catalog, which is frozen: V8 searches a frozen array slowly, and each command asks several times. */
const indexes = new WeakMap<Catalog, CatalogIndex>();

function indexOf(catalog: Catalog): CatalogIndex {
  const known = indexes.get(catalog);
  if (known !== undefined) return known;
  const flavors = new Map<string, Flavor>();
  for (const flavor of catalog.flavors) {
    if (!flavors.has(flavor.id)) flavors.set(flavor.id, flavor);
  }
  const datastores = new Map<string, Map<string, DatastoreVersion>>();
  for (const datastore of catalog.datastores) {
    const versions = datastores.get(datastore.type) ?? new Map<string, DatastoreVersion>();
    datastores.set(datastore.type, versions);
    if (!versions.has(datastore.version)) versions.set(datastore.version, datastore);
  }
  const index = { flavors, datastores };
  indexes.set(catalog, index);
  return index;
}

/** Returns the flavor with this id, or undefined. */
export function flavorOf(catalog: Catalog, id: string): Flavor | undefined {
  return indexOf(catalog).flavors.get(id);
}

/** Returns a datastore version by type and version, in any letter case (Q17). */
export function datastoreOf(
  catalog: Catalog,
  wanted: { readonly type: string; readonly version: string },
): DatastoreVersion | undefined {
  const type = wanted.type.toLowerCase();
  return indexOf(catalog).datastores.get(type)?.get(wanted.version);
}

/** Returns type and version with defaults applied; either or both may be omitted (§1.1). */
export function wantedDatastore(
  catalog: Catalog,
  { type, version }: DatastoreInput = {},
): { readonly type: string; readonly version: string } {
  const { defaultDatastore } = catalog;
  const wantedType = (type ?? defaultDatastore.type).toLowerCase();
  if (version !== undefined) return { type: wantedType, version };
  if (wantedType === defaultDatastore.type) return defaultDatastore;
  const newest = catalog.datastores
    .filter((known) => known.type === wantedType && !known.deprecated)
    .at(-1);
  return { type: wantedType, version: newest?.version ?? "" };
}

/** Version 5.1 supports neither replication nor HA; every later version supports both. */
function version(
  type: string,
  number: string,
  versionId: string,
  flavorIds: readonly string[],
  { old = false } = {},
): DatastoreVersion {
  return {
    type,
    version: number,
    versionId,
    replication: !old,
    ha: !old,
    deprecated: false,
    flavorIds,
  };
}
