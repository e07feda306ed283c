import type { AccountView } from "../simulator/accountView.js";
import type { DialectWords } from "./dialectWords.js";
import type { Json } from "./json.js";

/** Options of answers, for clients that need another form than the documented one. */
export interface ResponseOptions {
  /** Base URL of links, without version and account. Default `https://{region}.databases.api.rackspacecloud.com`. */
  readonly baseUrl?: string;
  /** Default: the simulator's region. */
  readonly region?: string;
  /** "documented" is `2026-01-01T00:00:00`; "zulu" adds the `Z` that RFC 3339 asks for (Q6). Default "documented". */
  readonly timestampStyle?: "documented" | "zulu";
  /**
   * Whether instances show `ip` or `hostname`. "documented" shows what the samples show: `ip`, but `hostname` on
   * members of HA groups (Q5). Default "documented".
   */
  readonly addressStyle?: "documented" | "ip" | "hostname" | "both";
  /** `links` of nodes in HA bodies: `{}` as the API document has them, or real links (Q4). Default "empty-object". */
  readonly haNodeLinks?: "empty-object" | "array";
}

/** Everything that an answer is written with: the options, defaults filled in, and the account's rows. */
export interface WireContext extends Required<ResponseOptions> {
  readonly view: AccountView;
  readonly dialect: DialectWords;
}

/** The two links of a resource: one with version and account to follow now, one without to keep (Q13). */
export function linksOfReplicas(
  resource: string,
  id: string,
  { baseUrl, view, dialect }: WireContext,
): readonly Json[] {
  const place = `${resource}/${encodeURIComponent(id)}`;
  return [
    {
      href: `${baseUrl}/${dialect.version}/${encodeURIComponent(view.accountId)}/${place}`,
      rel: "self",
    },
    { href: `${baseUrl}/${place}`, rel: "bookmark" },
  ];
}

/** A moment as the API writes it, in UTC and whole seconds. */
export function timestamp(ms: number, { timestampStyle }: WireContext): string {
  const bare = new Date(ms).toISOString().slice(0, "2026-01-01T00:00:00".length);
  return timestampStyle === "zulu" ? `${bare}Z` : bare;
}
