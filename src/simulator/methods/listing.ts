import type { IdKind } from "../../kernel/keyedRandom.js";
import { formatId, NotFoundError } from "../../model/errors.js";
import { record } from "../../model/schema/compositeFields.js";
import { integer, optional, string } from "../../model/schema/fields.js";

/** Which page of a listing: at most `limit` items after the id `marker`. */
export interface ListOptions {
  /** Largest number of items; at most the page size of the service, which is the default. */
  readonly limit?: number;
  /** Id of the last item of the previous page. */
  readonly marker?: string;
}

const source = "§4.5 [docs]";

/** The fields of every listing's options. */
export const pagingFields = {
  limit: optional(integer({ rule: "page-limit", source, min: 1, max: Number.MAX_SAFE_INTEGER })),
  marker: optional(
    string({
      rule: "page-marker",
      source,
      description: "the id of the last item of the page before",
    }),
  ),
};

/** The options of a listing that has no filters. */
export const listField = record<ListOptions>({ rule: "list-options", source, of: pagingFields });

/** Refuses an id that this account does not have. */
export function unknownId(kind: IdKind, id: unknown): never {
  const word = kind === "group" ? "HA group" : kind;
  throw new NotFoundError({
    code: "itemNotFound",
    rule: `${kind}-exists`,
    message: `${word} ${formatId(id)} not found`,
    field: `${kind}Id`,
    value: id,
  });
}
