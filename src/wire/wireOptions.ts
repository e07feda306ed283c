import {
  nonEmptyString,
  type OptionRule,
  type OptionRules,
  oneOf,
  parseOptions,
} from "../model/schema/entryPointOptions.js";
import { isList, isRecord } from "../model/schema/plainData.js";
import type { AccountView } from "../simulator/accountView.js";
import type { ResponseOptions, WireContext } from "./context.js";
import type { Dialect } from "./dialect.js";
import { rackspace } from "./rackspace.js";

/** Options of requests and answers. */
export interface WireOptions extends ResponseOptions {
  /** The API that is spoken. Default: the documented one. */
  readonly dialect?: Dialect;
}

/** Context of `handleRequest`: the options of answers, and the routes. */
export interface RequestContext extends WireContext {
  readonly dialect: Dialect;
}

const aDialect: OptionRule = {
  expected: "a dialect, as defineDialect() makes one",
  accepts: (value) => isRecord(value) && isList(value["places"]) && isRecord(value["errors"]),
};

/** Rules of the options of the wire; entry points that pass them on use the same. */
export const wireDemands: OptionRules<WireOptions> = {
  baseUrl: nonEmptyString,
  region: nonEmptyString,
  timestampStyle: oneOf("documented", "zulu"),
  addressStyle: oneOf("documented", "ip", "hostname", "both"),
  haNodeLinks: oneOf("empty-object", "array"),
  dialect: aDialect,
};

/**
 * The options of one request with their defaults.
 * @throws InvalidInputError `wire-options`
 */
export function contextOf(view: AccountView, given: WireOptions): RequestContext {
  const entrance = { field: "options", rule: "wire-options" };
  const options = parseOptions(given, wireDemands, entrance);
  const { region = view.region, dialect = rackspace } = options;
  return {
    view,
    dialect,
    region,
    baseUrl: options.baseUrl ?? `https://${region.toLowerCase()}.databases.api.rackspacecloud.com`,
    timestampStyle: options.timestampStyle ?? "documented",
    addressStyle: options.addressStyle ?? "documented",
    haNodeLinks: options.haNodeLinks ?? "empty-object",
  };
}
