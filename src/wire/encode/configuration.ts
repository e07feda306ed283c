import { datastoreOf } from "../../model/catalog.js";
import type { Configuration } from "../../service/configurations/configuration.model.js";
import { timestamp, type WireContext } from "../context.js";
import type { JsonObject } from "../json.js";

/** A configuration as listings show it: without its values. */
export function listedConfiguration(row: Configuration, context: WireContext): JsonObject {
  const { id, name, datastoreType: type, datastoreVersion: version } = row;
  return {
    id,
    name,
    description: row.description,
    datastore_name: type,
    datastore_version_name: version,
    datastore_version_id: datastoreOf(context.view.catalog, { type, version })?.versionId ?? null,
    created: timestamp(row.createdAt, context),
    updated: timestamp(row.updatedAt, context),
  };
}

/** All about a configuration. */
export function configurationBody(row: Configuration, context: WireContext): JsonObject {
  return { ...listedConfiguration(row, context), values: { ...row.values } };
}
