import type { Role } from "../model/operationPolicy.js";
import type { JsonObject } from "./json.js";

/** A log-in as its body says it: with a key or a password, or with a token that is still valid. */
export interface LogIn {
  readonly by:
    | { readonly kind: "apiKey" | "password"; readonly name: string; readonly secret: string }
    | { readonly token: string };
  /** Id or name of the account that the token is wanted for. */
  readonly account: string | undefined;
}

/** Where the service is to be found. */
export interface Endpoint {
  readonly region: string;
  /** Base of the API, without version and account. */
  readonly baseUrl: string;
}

/** Who a token belongs to. */
export interface TokenOwner {
  readonly accountId: string;
  readonly accountName: string;
  readonly userName: string;
  readonly role: Role;
}

/** A token that a log-in gave. */
export interface LogInToken {
  readonly id: string;
  /** Real time in ms since the epoch; Infinity for a token that never expires. */
  readonly expiresAt: number;
  readonly caller: TokenOwner;
}

/** What a response to a log-in is written with. */
export interface LogInContext {
  readonly endpoints: readonly Endpoint[];
  /** Real time in ms since the epoch. */
  readonly now: number;
  /** First segment of the API's paths. */
  readonly version: string;
}

/** How clients of an API log in. The token is sent as `X-Auth-Token` in every dialect. */
export interface IdentityDialect {
  /** `/v2.0/tokens`. */
  readonly logInPath: string;
  /** Undefined for a body that is no log-in. */
  readonly parseLogIn: (body: unknown) => LogIn | undefined;
  /** What a body must hold, in one sentence. */
  readonly expected: string;
  readonly respond: (
    token: LogInToken,
    context: LogInContext,
  ) => {
    readonly status: number;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body: JsonObject;
  };
  /** Documents that need no authentication, by path: the versions of the identity service. */
  readonly documents: Readonly<Record<string, (baseUrl: string) => JsonObject>>;
  /** What the owner of a token can read about itself, by path: its accounts. */
  readonly ownDocuments: Readonly<Record<string, (owner: TokenOwner) => JsonObject>>;
}
