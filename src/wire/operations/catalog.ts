import { NotFoundError } from "../../model/errors.js";
import {
  datastoreBody,
  datastoreIdOf,
  datastoreVersionBody,
  flavorBody,
} from "../encode/datastore.js";
import { type Call, type Operation, parameter } from "../operation.js";
import { answer, answerAll } from "../schemaParts.js";

/** Flavors, datastores and their versions. */
export const catalogOperations: readonly Operation[] = [
  {
    id: "listFlavors",
    method: "GET",
    path: "/flavors",
    summary: "List the flavors",
    source: "§1.3 [docs]",
    success: 200,
    response: answerAll("flavors", "Flavor"),
    handle: ({ account, context }) => ({
      flavors: account.listFlavors().map((flavor) => flavorBody(flavor, context)),
    }),
  },
  {
    id: "getFlavor",
    method: "GET",
    path: "/flavors/{flavorId}",
    summary: "Show a flavor",
    source: "§1.3 [docs]",
    success: 200,
    response: answer("flavor", "Flavor"),
    handle: (call) => {
      const flavor = call.account.getFlavor(truncated(parameter(call, "flavorId")));
      return { flavor: flavorBody(flavor, call.context) };
    },
  },
  {
    id: "listDatastores",
    method: "GET",
    path: "/datastores",
    summary: "List the datastores with their versions",
    source: "§1.4 [docs]",
    success: 200,
    response: answerAll("datastores", "DatastoreType"),
    handle: (call) => ({
      datastores: typesOnOffer(call).map((type) => datastoreBody(type, call.context)),
    }),
  },
  {
    id: "getDatastore",
    method: "GET",
    path: "/datastores/{datastoreId}",
    summary: "Show a datastore, by id or name",
    source: "§1.4 [docs]",
    success: 200,
    response: answer("datastore", "DatastoreType"),
    handle: (call) => ({ datastore: datastoreBody(requestedType(call), call.context) }),
  },
  {
    id: "listDatastoreVersions",
    method: "GET",
    path: "/datastores/{datastoreId}/versions",
    summary: "List the versions of a datastore",
    source: "§1.4 [docs]",
    success: 200,
    response: answerAll("versions", "DatastoreVersion"),
    handle: (call) => ({
      versions: requestedVersions(call).map((version) =>
        datastoreVersionBody(version, call.context),
      ),
    }),
  },
  {
    id: "getDatastoreVersion",
    method: "GET",
    path: "/datastores/{datastoreId}/versions/{versionId}",
    summary: "Show a version of a datastore, by id or name",
    source: "§1.4 [docs]",
    success: 200,
    response: answer("version", "DatastoreVersion"),
    handle: (call) => {
      const requested = parameter(call, "versionId");
      const found = requestedVersions(call).find(
        ({ version, versionId }) => requested === versionId || requested === version,
      );
      if (found === undefined) throw unknown("version", requested);
      return { version: datastoreVersionBody(found, call.context) };
    },
  },
];

/** `2.7` is flavor 2 (§1.3). */
function truncated(flavorId: string): string {
  return /^\d+\.\d*$/.test(flavorId) ? flavorId.slice(0, flavorId.indexOf(".")) : flavorId;
}

function typesOnOffer({ account }: Call): readonly string[] {
  return [...new Set(account.listDatastores().map(({ type }) => type))];
}

function requestedType(call: Call): string {
  const requested = parameter(call, "datastoreId");
  const found = typesOnOffer(call).find(
    (type) => requested === datastoreIdOf(type) || requested.toLowerCase() === type,
  );
  if (found === undefined) throw unknown("datastore", requested);
  return found;
}

function requestedVersions(call: Call) {
  const requested = requestedType(call);
  return call.context.view.catalog.datastores.filter(({ type }) => type === requested);
}

function unknown(kind: "datastore" | "version", id: string): NotFoundError {
  return new NotFoundError({
    code: "itemNotFound",
    rule: `${kind}-exists`,
    message: `${kind === "version" ? "datastore version" : kind} ${id} not found`,
    field: `${kind}Id`,
    value: id,
  });
}
