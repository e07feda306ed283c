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

/** Address of the service. */
export interface Endpoint {
  readonly region: string;
  /** Base of the API, without version and account. */
  readonly baseUrl: string;
}

/** The owner of a token. */
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

/** Data for the response to a log-in. */
export interface LogInContext {
  readonly endpoints: readonly Endpoint[];
  /** Real time in ms since the epoch. */
  readonly now: number;
  /** First segment of the API's paths. */
  readonly version: string;
}

/** Log-in of an API. The token is sent as `X-Auth-Token` in every dialect. */
export interface IdentityDialect {
  /** `/v2.0/tokens`. */
  readonly logInPath: string;
  /** Undefined for a body that is no log-in. */
  readonly parseLogIn: (body: unknown) => LogIn | undefined;
  /** Required content of a body, in one sentence. */
  readonly expected: string;
  /** Returns the response to an accepted log-in. */
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
  /** Documents that the owner of a token can read about itself, by path: its accounts. */
  readonly ownDocuments: Readonly<Record<string, (owner: TokenOwner) => JsonObject>>;
}
