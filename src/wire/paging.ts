import type { Page } from "../kernel/queries.js";
import { InvalidInputError } from "../model/errors.js";
import type { ListOptions } from "../simulator/methods/listing.js";
import type { Json, JsonObject } from "./json.js";
import type { Call, QueryParameter } from "./operation.js";

/** Paging parameters of every listing (§4.5). */
export const paged: readonly QueryParameter[] = [
  {
    name: "limit",
    description: "Most items on the page; a larger number than the service gives is the service's.",
    schema: { type: "integer", minimum: 1 },
  },
  {
    name: "marker",
    description: "The last item of the page before.",
    schema: { type: "string" },
  },
];

/** Parses `limit` and `marker`. A non-numeric limit is passed on as a string, so that validation rejects it. */
export function parsePage({ query }: Call): ListOptions {
  const { limit, marker } = query;
  return {
    ...(isBlank(limit) ? {} : { limit: readNumber(limit) as number }),
    ...(isBlank(marker) ? {} : { marker }),
  };
}

/** Only the literal false filters; any other value includes (§4.5). */
export function includes(value: string | undefined): boolean {
  return value?.toLowerCase() !== "false";
}

/** A page under its name, with a link to the next one where there is one. */
export function pageBody<T>(
  call: Call,
  page: Page<T>,
  listing: { readonly name: string; readonly item: (item: T) => Json; readonly sizeMax?: number },
): JsonObject {
  const { name, item, sizeMax = call.context.view.limits.maxPageSize } = listing;
  const items = page.items.map(item);
  if (page.nextMarker === undefined) return { [name]: items };
  const { limit = sizeMax } = parsePage(call);
  const href = nextHref(call, { marker: page.nextMarker, limit: Math.min(limit, sizeMax) });
  return { [name]: items, links: [{ href, rel: "next" }] };
}

/** A page of a list that is at hand, ordered by a key that is also its marker. */
export function pageOfList<T>(
  call: Call,
  all: readonly T[],
  { key, sizeMax }: { readonly key: (item: T) => string; readonly sizeMax: number },
): Page<T> {
  const { limit = sizeMax, marker } = parsePage(call);
  if (!Number.isSafeInteger(limit) || limit < 1) {
    const expected = "an integer of at least 1";
    throw new InvalidInputError([{ field: "limit", value: limit, expected, rule: "page-limit" }]);
  }
  const after = all
    .filter((item) => marker === undefined || key(item) > marker)
    .sort((a, b) => (key(a) < key(b) ? -1 : 1));
  const items = after.slice(0, Math.min(limit, sizeMax));
  const last = items.at(-1);
  return items.length === after.length || last === undefined
    ? { items }
    : { items, nextMarker: key(last) };
}

function nextHref({ context, path, query }: Call, next: { marker: string; limit: number }): string {
  const { baseUrl, view, dialect } = context;
  const filters = Object.entries(query).filter(
    ([name, value]) => name !== "marker" && name !== "limit" && value !== undefined,
  );
  const parts = [["marker", next.marker], ["limit", String(next.limit)], ...filters].map(
    ([name = "", value = ""]) => `${encoded(name)}=${encoded(value)}`,
  );
  return `${baseUrl}/${dialect.version}/${encodeURIComponent(view.accountId)}${path}?${parts.join("&")}`;
}

function readNumber(text: string): number | string {
  if (!/^-?\d+(?:\.\d+)?$/.test(text)) return text;
  return Math.min(Number(text), Number.MAX_SAFE_INTEGER);
}

function isBlank(value: string | undefined): value is undefined {
  return value === undefined || value === "";
}

/** A surrogate without its partner has no place in a URL; callers without types can send one. */
function encoded(text: string): string {
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, "\ufffd"));
}
