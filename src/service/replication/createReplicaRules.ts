import type { RuleContext } from "../../kernel/ruleContext.js";
import { isLeaving } from "../../lifecycle/instanceStates.js";
import { datastoreOf, flavorOf } from "../../model/catalog.js";
import type { CommandOf } from "../../model/commandTypes.js";
import { labelIsFree } from "../accounts/labelRules.js";
import { objectStorageAccess } from "../backups/objectStorage.js";
import {
  restorePointCompleted,
  restorePointExists,
  restorePointFits,
  restorePointOfSource,
} from "../backups/restoreRules.js";
import { configurationExists, configurationFits } from "../configurations/configurationRules.js";
import { isMember } from "../haGroups/notHaMember.js";
import {
  datastoreFlavorViolation,
  flavorExists,
  instanceQuota,
} from "../instances/createInstanceRules.js";
import type { Instance } from "../instances/instance.model.js";
import { placeExists } from "../placement/placementRules.js";
import { pluralize } from "../shared/messages.js";
import {
  type Rule,
  requireSubject,
  rule,
  statusViolation,
  type Violation,
} from "../shared/rule.js";

type CreateReplica = CommandOf<"createReplica">;

const sourceExists = rule<CreateReplica>({
  id: "source-exists",
  source: "R5 R12 [trove]",
  code: "itemNotFound",
  field: "replicaOf",
  description: "The source exists in the caller's account and region.",
  violation: ({ replicaOf }, context) =>
    requireSubject(replicaOf, context) === undefined
      ? { message: `replica source ${replicaOf} not found`, value: replicaOf }
      : undefined,
});

const sourceOutsideHa = sourceRule({
  id: "source-outside-ha",
  source: "R20 C24 [docs]",
  code: "forbidden",
  description: "The source does not belong to an HA group. Use `add_replica` on the group instead.",
  violation: (source) =>
    isMember(source)
      ? {
          message: `instance ${source.id} belongs to HA group ${source.groupId}; use add_replica on the group`,
          value: source.id,
        }
      : undefined,
});

/** Chains would give a replica two sources to fail with, and the API has no words for them. */
const singleSource = sourceRule({
  id: "single-source",
  source: "R6 R7 C6 [trove]",
  code: "forbidden",
  description: "The source is not a replica itself. Replicas cannot be chained.",
  violation: (source) =>
    source.sourceId === null || isLeaving(source.state)
      ? undefined
      : {
          message: `instance ${source.id} is a replica of ${source.sourceId}; replicas cannot be chained`,
          value: source.id,
          allowed: source.sourceId,
        },
});

const noDatabasesOnReplica = rule<CreateReplica>({
  id: "no-databases-on-replica",
  source: "R17 C9 [trove]",
  code: "badRequest",
  field: "databases",
  description: "The request names no databases or users. A replica gets them from its source.",
  violation: ({ databases = [], users = [] }, { policy }) => {
    if (policy.databasesOnReplica === "ignore" || databases.length + users.length === 0)
      return undefined;
    return {
      message: "databases and users cannot be set on a replica; they come from its source",
      field: databases.length > 0 ? "databases" : "users",
      value: (databases[0] ?? users[0])?.name,
    };
  },
});

const replicationFlavor = sourceRule({
  id: "replication-flavor",
  source: "R9 [docs]",
  code: "badRequest",
  field: "flavorId",
  description: "The flavors of source and replica have at least 1 GB of memory.",
  violation: (source, context, { flavorId }) => {
    const own = replicationFlavorViolation(String(flavorId), context);
    const ofSource = replicationFlavorViolation(source.flavorId, context);
    return own ?? (ofSource && { ...ofSource, field: "replicaOf" });
  },
});

const replicaDatastoreFlavor = sourceRule({
  id: "datastore-flavor",
  source: "§1.3 [docs]",
  code: "badRequest",
  field: "flavorId",
  description: "The source's datastore version is offered on the replica's flavor.",
  violation: ({ datastoreType: type, datastoreVersion: version }, { catalog }, { flavorId }) =>
    datastoreFlavorViolation(String(flavorId), datastoreOf(catalog, { type, version })),
});

const replicaDatastore = sourceRule({
  id: "replica-datastore",
  source: "R10 C10 [docs]",
  code: "badRequest",
  field: "datastore",
  description: "The datastore, if given, equals that of the source.",
  violation: (source, _, { datastore = {} }) => {
    const { type = source.datastoreType, version = source.datastoreVersion } = datastore;
    if (type.toLowerCase() === source.datastoreType && version === source.datastoreVersion)
      return undefined;
    const ofSource = `${source.datastoreType} ${source.datastoreVersion}`;
    return {
      message: `replica datastore ${type} ${version} differs from the source's ${ofSource}; omit it, or pass the same`,
      value: `${type} ${version}`,
      allowed: ofSource,
    };
  },
});

const datastoreReplicates = sourceRule({
  id: "datastore-replicates",
  source: "R11 [docs]",
  code: "badRequest",
  field: "replicaOf",
  description: "The source's datastore version supports replication.",
  violation: ({ datastoreType: type, datastoreVersion: version }, { catalog }) =>
    datastoreOf(catalog, { type, version })?.replication === true
      ? undefined
      : {
          message: `datastore ${type} ${version} does not support replication`,
          value: `${type} ${version}`,
        },
});

const sourceStatus = sourceRule({
  id: "source-status",
  source: "R13 R14 C29 [trove]",
  code: "unprocessableEntity",
  description: "The status of the source allows a restart, because adding a replica restarts it.",
  violation: (source, context) =>
    statusViolation(source, { signal: "replica.added", doing: "add a replica to" }, context),
});

const replicaLimit = sourceRule({
  id: "replica-limit",
  source: "R8 C5 [docs]",
  code: "overLimit",
  description: "A source has at most 2 replicas. Replicas that are building or detaching count.",
  violation: (source, { limits }) =>
    source.replicaIds.length < limits.maxReplicasPerSource
      ? undefined
      : {
          message: `instance ${source.id} already has ${pluralize(source.replicaIds.length, "replica")}, the maximum`,
          value: source.id,
          allowed: `at most ${pluralize(limits.maxReplicasPerSource, "replica")}`,
        },
});

/** Rules in the order in which their errors are reported: missing, forbidden, wrong status, limit reached. */
export const createReplicaRules: readonly Rule<CreateReplica>[] = [
  sourceExists,
  restorePointExists,
  configurationExists(),
  sourceOutsideHa,
  singleSource,
  objectStorageAccess(),
  noDatabasesOnReplica,
  flavorExists,
  placeExists(),
  replicationFlavor,
  replicaDatastoreFlavor,
  replicaDatastore,
  datastoreReplicates,
  configurationFits(({ replicaOf }, context) => {
    const source = requireSubject(replicaOf, context);
    return source && { type: source.datastoreType, version: source.datastoreVersion };
  }),
  restorePointFits,
  restorePointOfSource,
  labelIsFree(),
  restorePointCompleted,
  sourceStatus,
  replicaLimit,
  instanceQuota,
];

/** What speaks against replicating on a flavor (R9, R65). */
export function replicationFlavorViolation(
  flavorId: string,
  { catalog, limits }: RuleContext,
): Violation | undefined {
  const ramMb = flavorOf(catalog, flavorId)?.ramMb ?? 0;
  return ramMb >= limits.minReplicationRamMb
    ? undefined
    : {
        message: `replication needs a flavor of at least ${String(limits.minReplicationRamMb)} MB; flavor ${flavorId} has ${String(ramMb)} MB`,
        value: flavorId,
        allowed: catalog.flavors
          .filter((flavor) => flavor.ramMb >= limits.minReplicationRamMb)
          .map((flavor) => flavor.id),
      };
}

/** A rule on the source that a replica is asked of, silent when there is none. */
function sourceRule(
  declared: Omit<Rule<CreateReplica>, "violation" | "field"> & {
    readonly field?: string;
    readonly violation: (
      source: Instance,
      context: RuleContext,
      command: CreateReplica,
    ) => Violation | undefined;
  },
): Rule<CreateReplica> {
  return {
    field: "replicaOf",
    ...declared,
    violation: (command, context) => {
      const source = requireSubject(command.replicaOf, context);
      return source && declared.violation(source, context, command);
    },
  };
}
