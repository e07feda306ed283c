import { isLeaving } from "../../lifecycle/instanceStates.js";
import type { Command, CommandOf } from "../../model/commandTypes.js";
import { databasesDiffer, usersDiffer } from "../instances/createInstanceRules.js";
import { instanceExists, instanceRule, instanceTakes, type Rule } from "../shared/rule.js";

/** Databases and users are the one thing that HA leaves open, on the source (R80); a replica has its source's. */
function writable<C extends Command & { readonly instanceId: string }>(): Rule<C> {
  return instanceRule<C>({
    id: "not-read-replica",
    source: "R23 [docs]",
    code: "forbidden",
    description: "The instance is not a replica. Databases and users are changed at the source.",
    violation: (instance) =>
      instance.sourceId === null || isLeaving(instance.state)
        ? undefined
        : {
            message: `instance ${instance.id} is a read replica of ${instance.sourceId}; make the change at the source`,
            value: instance.id,
          },
  });
}

function writeStatus<C extends Command & { readonly instanceId: string }>(): Rule<C> {
  return instanceTakes<C>("write.requested", {
    id: "write-status",
    source: "§2.3 R53 [docs]",
    doing: "change the databases or users of",
  });
}

const databaseNamesFree = instanceRule<CommandOf<"createDatabases">>({
  id: "database-name-available",
  source: "§1.1 [trove]",
  code: "badRequest",
  field: "databases",
  description: "The database name is not in use.",
  violation: (instance, _, { databases }) => {
    const known = new Set(instance.databases.map((database) => database.name));
    const taken = databases.find((database) => known.has(database.name));
    return (
      taken && {
        message: `instance ${instance.id} already has a database ${taken.name}`,
        value: taken.name,
      }
    );
  },
});

const databaseExists = instanceRule<CommandOf<"deleteDatabase">>({
  id: "database-exists",
  source: "§4 [docs]",
  code: "itemNotFound",
  field: "name",
  description: "The database exists in the instance.",
  violation: (instance, _, { name }) =>
    instance.databases.some((database) => database.name === name)
      ? undefined
      : { message: `database ${name} not found in instance ${instance.id}`, value: name },
});

const userNamesFree = instanceRule<CommandOf<"createUsers">>({
  id: "user-name-available",
  source: "§1.1 [trove]",
  code: "badRequest",
  field: "users",
  description: "The user name and host are not in use.",
  violation: (instance, _, { users }) => {
    const known = new Set(instance.users.map((user) => `${user.name}@${user.host}`));
    const taken = users.find(({ name, host = "%" }) => known.has(`${name}@${host}`));
    return (
      taken && {
        message: `instance ${instance.id} already has a user ${taken.name}@${taken.host ?? "%"}`,
        value: taken.name,
      }
    );
  },
});

const userExists = instanceRule<CommandOf<"deleteUser">>({
  id: "user-exists",
  source: "§4 [docs]",
  code: "itemNotFound",
  field: "name",
  description: "The user exists in the instance, by name and host.",
  violation: (instance, _, { name, host = "%" }) =>
    instance.users.some((user) => user.name === name && user.host === host)
      ? undefined
      : { message: `user ${name}@${host} not found in instance ${instance.id}`, value: name },
});

/** Rules in the order in which their errors are reported. */
export const createDatabasesRules: readonly Rule<CommandOf<"createDatabases">>[] = [
  instanceExists(),
  writable(),
  databasesDiffer,
  databaseNamesFree,
  writeStatus(),
];

/** Rules in the order in which their errors are reported. */
export const deleteDatabaseRules: readonly Rule<CommandOf<"deleteDatabase">>[] = [
  instanceExists(),
  databaseExists,
  writable(),
  writeStatus(),
];

/**
 * Rules in the order in which their errors are reported. A user may be given a database that is still to come: the
 * service
 * compares the two only where one request makes both ([client]).
 */
export const createUsersRules: readonly Rule<CommandOf<"createUsers">>[] = [
  instanceExists(),
  writable(),
  usersDiffer,
  userNamesFree,
  writeStatus(),
];

/** Rules in the order in which their errors are reported. */
export const deleteUserRules: readonly Rule<CommandOf<"deleteUser">>[] = [
  instanceExists(),
  userExists,
  writable(),
  writeStatus(),
];
