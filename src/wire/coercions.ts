import type { Catalog } from "../model/catalog.js";
import { as, type Form, object, value } from "./bodyParser.js";
import { datastoreIdOf } from "./encode/datastore.js";

/** The last part of an href, which is the id; an id by itself stays what it is. */
export function lastSegment(found: unknown): unknown {
  if (typeof found !== "string" || !found.includes("/")) return found;
  return found.slice(found.lastIndexOf("/") + 1);
}

/** A flavor by id, as text or number, or by its URI (Q2). */
export const flavorReference = value(lastSegment, {
  type: ["string", "integer"],
  description: "a flavor id (string or integer), or its URI",
});

/** An id, or the URI that ends with it. */
export const reference = value(lastSegment);

/** A size in GB; digits as text are read as the number (§1.1). */
export const gigabytes = value((found) =>
  typeof found === "string" && /^[1-9]\d{0,5}$/.test(found) ? Number(found) : found,
);

/** A flag as true or false, or as the text of it (Q23). */
export const flag = value(
  (found) => (found === "true" ? true : found === "false" ? false : found),
  { type: ["boolean", "string"] },
);

const namedDatastore = object({ type: as("type"), version: as("version") });

/** A datastore by names or ids of type and version, each optional (§1.1). */
export const datastore: Form = {
  ...namedDatastore,
  read: (found, at, reading) =>
    byName(
      namedDatastore.read(found, at, reading) as Readonly<Record<string, unknown>>,
      reading.catalog,
    ),
};

function byName(
  { type, version }: { readonly type?: unknown; readonly version?: unknown },
  { datastores }: Catalog,
): object {
  const ofType = datastores.find((known) => datastoreIdOf(known.type) === type)?.type ?? type;
  const known = datastores.find(({ versionId }) => versionId === version);
  const readType = ofType ?? known?.type;
  return {
    ...(readType === undefined ? {} : { type: readType }),
    ...(version === undefined ? {} : { version: known?.version ?? version }),
  };
}

/**
 * A name from a path that a client may have encoded more than once, as the documentation has it for the slash of an
 * ACL and the dot of a user (R94). Bounded; what cannot be decoded any further stays as it is.
 */
export function decodedFully(name: string): string {
  const roundsMax = 4;
  let decoded = name;
  for (let round = 0; round < roundsMax; round++) {
    try {
      decoded = decodeURIComponent(decoded);
    } catch {
      return decoded;
    }
  }
  return decoded;
}
