import { accountOf, backupOf } from "../../kernel/queries.js";
import type { RuleContext } from "../../kernel/ruleContext.js";
import { datastoreOf, flavorOf, wantedDatastore } from "../../model/catalog.js";
import type { CommandOf } from "../../model/commandTypes.js";
import type { DatastoreVersion } from "../../model/datastores.js";
import { labelIsFree } from "../accounts/labelRules.js";
import {
  restoreBringsNames,
  restorePointCompleted,
  restorePointExists,
  restorePointFits,
} from "../backups/restoreRules.js";
import { configurationExists, configurationFits } from "../configurations/configurationRules.js";
import { placeExists } from "../placement/placementRules.js";
import { pluralize } from "../shared/messages.js";
import { type Rule, rule, type Violation } from "../shared/rule.js";
import { datastoreOnOffer } from "./datastoreRules.js";

type Create = CommandOf<"createInstance"> | CommandOf<"createReplica">;
type CreateInstance = CommandOf<"createInstance">;

/** The flavor is in the catalog (R4). */
export const flavorExists = rule<
  Create | CommandOf<"resizeFlavor"> | CommandOf<"addReplica"> | CommandOf<"resizeGroupFlavor">
>({
  id: "flavor-exists",
  source: "R4 [trove]",
  code: "badRequest",
  field: "flavorId",
  description: "The flavor exists.",
  violation: ({ flavorId }, { catalog }) =>
    flavorOf(catalog, String(flavorId)) === undefined
      ? {
          message: `flavor ${String(flavorId)} not found`,
          value: flavorId,
          allowed: catalog.flavors.map((flavor) => flavor.id),
        }
      : undefined,
});

/** Each account has room for so many instances, members of HA groups included (R25). */
export const instanceQuota = rule<Create | CommandOf<"addReplica">>({
  id: "instance-quota",
  source: "R25 [docs]",
  code: "overLimit",
  field: "accountId",
  description: "An account has at most 25 instances. Each member of an HA group counts.",
  violation: (_, { topology, accountId, limits }) => {
    const { maxInstancesPerAccount } = limits;
    const count = accountOf(topology, accountId)?.instances.count ?? 0;
    return count < maxInstancesPerAccount
      ? undefined
      : {
          message: `the account has ${pluralize(count, "instance")}; its quota is ${String(maxInstancesPerAccount)}`,
          value: accountId,
          allowed: `at most ${pluralize(maxInstancesPerAccount, "instance")}`,
        };
  },
});

const datastoreExists = datastoreOnOffer<CreateInstance>(datastoreFor);

const datastoreOpen = rule<CreateInstance>({
  id: "datastore-not-deprecated",
  source: "§1.4 [docs]",
  code: "badRequest",
  field: "datastore",
  description:
    "The datastore version is not deprecated. Replicas of existing instances are still allowed.",
  violation: (command, context) => {
    const known = datastoreOf(context.catalog, datastoreFor(command, context));
    return known?.deprecated === true
      ? {
          message: `datastore ${known.type} ${known.version} is deprecated; no new instances can use it`,
          value: `${known.type} ${known.version}`,
        }
      : undefined;
  },
});

const datastoreFlavor = rule<CreateInstance>({
  id: "datastore-flavor",
  source: "§1.3 [docs]",
  code: "badRequest",
  field: "flavorId",
  description: "The datastore version is offered on the flavor.",
  violation: (command, context) =>
    datastoreFlavorViolation(
      String(command.flavorId),
      datastoreOf(context.catalog, datastoreFor(command, context)),
    ),
});

/** No two databases of one request have the same name (§1.1). */
export const databasesDiffer = rule<CreateInstance | CommandOf<"createDatabases">>({
  id: "unique-databases",
  source: "§1.1 [trove]",
  code: "badRequest",
  field: "databases",
  description: "No two databases of an instance have the same name.",
  violation: ({ databases = [] }) => {
    const twice = firstRepeated(databases.map((database) => database.name));
    return twice === undefined
      ? undefined
      : { message: `database ${twice} is listed twice`, value: twice };
  },
});

/** No two users of one request have the same name and host (§1.1). */
export const usersDiffer = rule<CreateInstance | CommandOf<"createUsers">>({
  id: "unique-users",
  source: "§1.1 [trove]",
  code: "badRequest",
  field: "users",
  description: "No two users of an instance have the same name and host.",
  violation: ({ users = [] }) => {
    const twice = firstRepeated(users.map(({ name, host = "%" }) => `${name}@${host}`));
    return twice === undefined
      ? undefined
      : { message: `user ${twice} is listed twice`, value: twice };
  },
});

const userDatabasesExist = rule<CreateInstance>({
  id: "user-databases-exist",
  source: "§1.1 [trove]",
  code: "badRequest",
  field: "users",
  description: "Users get access only to databases that the same request creates.",
  violation: ({ databases = [], users = [] }) => {
    const known = databases.map((database) => database.name);
    for (const user of users) {
      const unknown = user.databases?.find((name) => !known.includes(name));
      if (unknown !== undefined) {
        return {
          message: `user ${user.name} cannot get access to database ${unknown}; the request does not create it`,
          value: unknown,
          allowed: known,
        };
      }
    }
    return undefined;
  },
});

/** Rules in the order in which their errors are reported. */
export const createInstanceRules: readonly Rule<CreateInstance>[] = [
  restorePointExists,
  configurationExists(),
  flavorExists,
  placeExists(),
  datastoreExists,
  datastoreOpen,
  datastoreFlavor,
  configurationFits(datastoreFor),
  restorePointFits,
  restoreBringsNames,
  databasesDiffer,
  usersDiffer,
  userDatabasesExist,
  labelIsFree(),
  restorePointCompleted,
  instanceQuota,
];

/** Returns the violation for a datastore version on a flavor. Another rule rejects unknown versions (§1.3). */
export function datastoreFlavorViolation(
  flavorId: string,
  known: DatastoreVersion | undefined,
): Violation | undefined {
  return known === undefined || known.flavorIds.includes(flavorId)
    ? undefined
    : {
        message: `datastore ${known.type} ${known.version} is not offered on flavor ${flavorId}`,
        value: flavorId,
        allowed: known.flavorIds,
      };
}

/** The datastore of a new instance: as asked, else that of the backup it is restored from, else the default. */
function datastoreFor(
  { datastore, restoreFrom }: CreateInstance,
  { catalog, topology, accountId }: RuleContext,
): { readonly type: string; readonly version: string } {
  const backup =
    restoreFrom === undefined ? undefined : backupOf(topology, { accountId, id: restoreFrom });
  return backup === undefined
    ? wantedDatastore(catalog, datastore)
    : wantedDatastore(catalog, {
        type: backup.datastoreType,
        version: backup.datastoreVersion,
        ...datastore,
      });
}

function firstRepeated(names: readonly string[]): string | undefined {
  return names.find((name, at) => names.indexOf(name) !== at);
}
