import type { Catalog } from "./catalog.js";
import type { DatastoreVersion, Flavor } from "./datastores.js";
import { list, record } from "./schema/compositeFields.js";
import { addIssue, boolean, type Field, integer, required, string } from "./schema/fields.js";

const named = { rule: "catalog-shape", source: "§1.3 §1.4 [inferred]" };
const word = required(string(named));
const lowerCase = required(
  string({
    ...named,
    pattern: /^[^A-Z]*$/,
    description: "a string in lower case (requests may use any case)",
  }),
);

const catalogRecord = record<Catalog>({
  ...named,
  of: {
    flavors: required(
      list({
        ...named,
        of: record<Flavor>({
          ...named,
          of: {
            id: word,
            name: word,
            ramMb: required(
              integer({ ...named, min: 1, max: Number.MAX_SAFE_INTEGER, unit: "megabytes" }),
            ),
          },
        }),
      }),
    ),
    datastores: required(
      list({
        ...named,
        of: record<DatastoreVersion>({
          ...named,
          of: {
            type: lowerCase,
            version: word,
            versionId: word,
            replication: required(boolean(named)),
            ha: required(boolean(named)),
            deprecated: required(boolean(named)),
            flavorIds: required(list({ ...named, of: string(named) })),
          },
        }),
      }),
    ),
    defaultDatastore: required(
      record<Catalog["defaultDatastore"]>({ ...named, of: { type: lowerCase, version: word } }),
    ),
    staticParameters: required(list({ ...named, of: string(named) })),
  },
});

/** A catalog option: well-formed, and with its default datastore. */
export const catalogField: Field<Catalog> = {
  ...catalogRecord,
  read: (value, path, reading) => {
    const read = catalogRecord.read(value, path, reading);
    if (read === undefined) return undefined;
    const { defaultDatastore, datastores } = read;
    const isOffered = datastores.some(
      ({ type, version }) => type === defaultDatastore.type && version === defaultDatastore.version,
    );
    if (isOffered) return read;
    addIssue(reading, {
      field: `${path}.defaultDatastore`,
      value: `${defaultDatastore.type} ${defaultDatastore.version}`,
      expected: `one of ${datastores.map(({ type, version }) => `${type} ${version}`).join(", ")}`,
      rule: named.rule,
    });
    return undefined;
  },
};
