import { type Role, roles } from "../../model/operationPolicy.js";
import type { OptionRule } from "../../model/schema/entryPointOptions.js";
import { isRecord } from "../../model/schema/plainData.js";
import { timingSafeEqual } from "./timingSafeEqual.js";

/** A user who can log in, with at least one of `apiKey` and `password`. */
export interface HttpUser {
  readonly name: string;
  readonly apiKey?: string;
  readonly password?: string;
  /** Account of the user. Default: the simulator's own. */
  readonly accountId?: string;
  /** Alternative name of the account. Default: its id. */
  readonly accountName?: string;
  /** Default "admin". */
  readonly role?: Role;
}

/** A token that is valid permanently. */
export interface HttpToken {
  readonly token: string;
  /** Default: the simulator's own. */
  readonly accountId?: string;
  /** Default "admin". */
  readonly role?: Role;
}

/** The owner of a token. */
export interface Caller {
  readonly userName: string;
  readonly accountId: string;
  readonly accountName: string;
  readonly role: Role;
}

/** A token that was issued to a caller. */
export interface IssuedToken {
  readonly id: string;
  readonly caller: Caller;
  /** Real time, ms since the epoch. */
  readonly expiresAt: number;
}

/** Credentials of a log-in. */
export interface Credentials {
  readonly name: string;
  readonly kind: "apiKey" | "password";
  readonly secret: string;
}

/** Options of the token registry. */
export interface CallersOptions {
  readonly users: readonly HttpUser[];
  readonly tokens: readonly HttpToken[];
  /** Account of callers that name none. */
  readonly accountId: string;
  readonly tokenLifetimeMs: number;
  /** Real time: tokens expire in the time of the clients. */
  readonly now: () => number;
  readonly createToken: () => string;
}

/**
 * Authenticates callers. Without users and tokens every caller is accepted as admin of the one account, with any
 * credentials and any token, because the clients of the service insist on logging in.
 */
export class TokenRegistry {
  readonly #options: CallersOptions;
  readonly #users: readonly { readonly user: HttpUser; readonly caller: Caller }[];
  readonly #fixed: readonly IssuedToken[];
  /** One per user: a repeated log-in returns the same token until it expires. */
  readonly #issued = new Map<Caller, IssuedToken>();
  readonly #defaultCaller: Caller;

  constructor(options: CallersOptions) {
    const { users, tokens, accountId } = options;
    this.#options = options;
    this.#defaultCaller = {
      userName: "anonymous",
      accountId,
      accountName: accountId,
      role: "admin",
    };
    this.#users = users.map((user) => ({ user, caller: callerOf(user, accountId) }));
    this.#fixed = tokens.map((each) => ({
      id: each.token,
      caller: {
        ...this.#defaultCaller,
        userName: "token",
        accountId: each.accountId ?? accountId,
        accountName: each.accountId ?? accountId,
        role: each.role ?? "admin",
      },
      expiresAt: Number.MAX_SAFE_INTEGER,
    }));
  }

  /** Whether every caller is accepted, with any credentials. */
  get isOpen(): boolean {
    return this.#users.length + this.#fixed.length === 0;
  }

  /** Returns the token for credentials, or undefined if they are wrong. */
  logIn(credentials: Credentials): IssuedToken | undefined {
    if (this.isOpen) return this.#tokenFor(this.#defaultCaller);
    let found: IssuedToken | undefined;
    // Every user is compared, so that the time does not reveal which users exist.
    for (const { user, caller } of this.#users) {
      const secret = user[credentials.kind];
      const isRight = timingSafeEqual(credentials.secret, secret ?? "") && secret !== undefined;
      if (timingSafeEqual(credentials.name, user.name) && isRight) found = this.#tokenFor(caller);
    }
    // The owner of a fixed token may log in with it, under any name.
    for (const fixed of this.#fixed)
      if (timingSafeEqual(credentials.secret, fixed.id)) found ??= fixed;
    return found;
  }

  /** Returns what a token stands for, or undefined if it is unknown or has expired. */
  find(token: string): IssuedToken | undefined {
    const now = this.#options.now();
    let found: IssuedToken | undefined;
    for (const [caller, issued] of this.#issued) {
      if (issued.expiresAt <= now) this.#issued.delete(caller);
      else if (timingSafeEqual(token, issued.id)) found = issued;
    }
    for (const fixed of this.#fixed) if (timingSafeEqual(token, fixed.id)) found ??= fixed;
    if (found === undefined && this.isOpen && token !== "")
      return this.#tokenFor(this.#defaultCaller);
    return found;
  }

  #tokenFor(caller: Caller): IssuedToken {
    const { now, tokenLifetimeMs, createToken } = this.#options;
    const known = this.#issued.get(caller);
    if (known !== undefined && known.expiresAt > now()) return known;
    const issued = { id: createToken(), caller, expiresAt: now() + tokenLifetimeMs };
    this.#issued.set(caller, issued);
    return issued;
  }
}

function callerOf(user: HttpUser, ownAccountId: string): Caller {
  const { name, accountId = ownAccountId, accountName = accountId, role = "admin" } = user;
  return { userName: name, accountId, accountName, role };
}

/** Schema of a user. An unknown field is most likely misspelt, and its user could not log in. */
export const userRule: OptionRule = {
  expected: `{ name, apiKey or password, accountId, accountName, role }, all of them strings; role is one of ${roles.join(", ")}`,
  accepts: (value) =>
    holdsTexts(value, ["name", "apiKey", "password", "accountId", "accountName", "role"]) &&
    "name" in value &&
    ("apiKey" in value || "password" in value),
};

/** Schema of a token. */
export const tokenRule: OptionRule = {
  expected: `{ token, accountId, role }, all of them strings; role is one of ${roles.join(", ")}`,
  accepts: (value) => holdsTexts(value, ["token", "accountId", "role"]) && "token" in value,
};

function holdsTexts(value: unknown, names: readonly string[]): value is object {
  return (
    isRecord(value) &&
    Object.entries(value).every(
      ([name, text]) => names.includes(name) && typeof text === "string" && text !== "",
    ) &&
    (value["role"] === undefined || roles.includes(value["role"] as Role))
  );
}
