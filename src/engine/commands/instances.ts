import { wantedDatastore } from "../../domain/catalog.js";
import { type CommandOf, databasesFrom, usersFrom } from "../../domain/commands.js";
import type { Instance } from "../../domain/entities.js";
import type { Moment } from "../moment.js";
import { freshId, named } from "./named.js";

/** A stand-alone instance exists, with its build under way. */
export function createInstance(moment: Moment, command: CommandOf<"createInstance">): void {
  const datastore = wantedDatastore(moment.context.catalog, command.datastore);
  moment.facts.push({
    type: "InstanceCreated",
    instance: newInstance(moment, command, {
      datastoreType: datastore.type,
      datastoreVersion: datastore.version,
      databases: databasesFrom(command.databases),
      users: usersFrom(command.users),
    }),
  });
}

/** Facts in the order of their meaning: the replica exists, follows its source, and makes it restart (T5). */
export function createReplica(moment: Moment, command: CommandOf<"createReplica">): void {
  const source = named(moment, { instanceId: command.replicaOf });
  const { datastoreType, datastoreVersion, databases, users } = source;
  const replica = newInstance(moment, command, {
    datastoreType,
    datastoreVersion,
    databases,
    users,
  });
  moment.facts.push(
    { type: "InstanceCreated", instance: replica },
    {
      type: "ReplicationStarted",
      replicaId: replica.id,
      replicaRow: replica.ordinal,
      sourceId: source.id,
      sourceRow: source.ordinal,
    },
  );
  moment.stepInstance(source, "replica.added");
}

/** The link stays until the work is done (R37); a new name is given at once (R38). */
export function detachReplica(moment: Moment, command: CommandOf<"detachReplica">): void {
  const replica = named(moment, command);
  if (command.name !== undefined) change(moment, replica, { name: command.name });
  moment.stepInstance(replica, "detach.requested");
}

/** Some fields of an instance change at once. */
export function change(
  moment: Moment,
  instance: Instance,
  changes: Partial<Pick<Instance, "name" | "usedGb">>,
): void {
  moment.facts.push({ type: "InstanceChanged", id: instance.id, row: instance.ordinal, changes });
}

function newInstance(
  moment: Moment,
  command: CommandOf<"createInstance"> | CommandOf<"createReplica">,
  rest: Pick<Instance, "datastoreType" | "datastoreVersion" | "databases" | "users">,
): Instance {
  const { topology, accountId, lifecycle } = moment.context;
  const ordinal = topology.instances.size;
  const id = freshId(moment, "instance", ordinal);
  const { initial, statusOf } = lifecycle.instance;
  return {
    ordinal,
    id,
    accountId,
    name: command.name ?? id,
    state: initial,
    status: statusOf[initial],
    flavorId: String(command.flavorId),
    volumeGb: command.volumeGb,
    usedGb: 0,
    ...rest,
    sourceId: null,
    replicaIds: [],
    groupId: null,
    scheduleId: null,
    configurationId: command.configurationId ?? null,
    createdAt: moment.now,
    updatedAt: moment.now,
    work: moment.work("build", {
      subject: "instance",
      ordinal,
      tasksStarted: 0,
      latency: command.type === "createReplica" ? "buildReplica" : "build",
    }),
    tasksStarted: 1,
    fault: null,
  };
}
