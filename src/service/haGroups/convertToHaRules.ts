import { replicationSetOf } from "../../kernel/queries.js";
import type { RuleContext } from "../../kernel/ruleContext.js";
import { isLeaving } from "../../lifecycle/instanceStates.js";
import { datastoreOf } from "../../model/catalog.js";
import type { CommandOf } from "../../model/commandTypes.js";
import { labelIsFree } from "../accounts/labelRules.js";
import type { Instance } from "../instances/instance.model.js";
import { replicationFlavorViolation } from "../replication/createReplicaRules.js";
import { instanceExists, instanceRule, type Rule, statusViolation } from "../shared/rule.js";
import { sizeOf } from "./haGroupRules.js";
import { isMember } from "./notHaMember.js";

type Convert = CommandOf<"convertToHa">;

const outsideHa = instanceRule<Convert>({
  id: "outside-ha",
  source: "R67 [inferred]",
  code: "forbidden",
  description: "The instance does not belong to an HA group yet.",
  violation: (instance) =>
    isMember(instance)
      ? {
          message: `instance ${instance.id} already belongs to HA group ${instance.groupId}`,
          value: instance.id,
        }
      : undefined,
});

const inReplicationSet = instanceRule<Convert>({
  id: "in-replication-set",
  source: "R60 R61 C19 [howto]",
  code: "badRequest",
  description: "The instance is a source with at least one replica, or one of its replicas.",
  violation: (instance, { topology }) =>
    replicationSetOf(topology, instance).length > 1
      ? undefined
      : { message: `instance ${instance.id} is not part of a replication set`, value: instance.id },
});

const haDatastore = instanceRule<Convert>({
  id: "ha-datastore",
  source: "R66 [docs]",
  code: "badRequest",
  description: "The datastore version supports HA.",
  violation: ({ datastoreType: type, datastoreVersion: version }, { catalog }) =>
    datastoreOf(catalog, { type, version })?.ha === true
      ? undefined
      : {
          message: `datastore ${type} ${version} does not support HA`,
          value: `${type} ${version}`,
        },
});

const haFlavor = instanceRule<Convert>({
  id: "ha-flavor",
  source: "R65 [docs]",
  code: "badRequest",
  description: "Every member has a flavor of at least 1 GB of memory.",
  violation: (instance, context) => {
    for (const member of membersToBe(instance, context)) {
      const violation = replicationFlavorViolation(member.flavorId, context);
      if (violation !== undefined) return violation;
    }
    return undefined;
  },
});

/** Returns the future members of a conversion. An instance that is leaving blocks the conversion only temporarily. */
function membersToBe(instance: Instance, { topology }: RuleContext): readonly Instance[] {
  return replicationSetOf(topology, instance).filter(({ state }) => !isLeaving(state));
}

const equalMembers = instanceRule<Convert>({
  id: "equal-members",
  source: "R64 [docs]",
  code: "badRequest",
  description: "All members of an HA group have the same flavor and the same volume size.",
  violation: (instance, context) => {
    const [source = instance, ...replicas] = membersToBe(instance, context);
    const odd = replicas.find((replica) => sizeOf(replica) !== sizeOf(source));
    return odd === undefined
      ? undefined
      : {
          message: `members of an HA group must have equal flavor and volume size: instance ${source.id} has ${sizeOf(source)}, ${odd.id} has ${sizeOf(odd)}`,
          value: odd.id,
          allowed: sizeOf(source),
        };
  },
});

const equalConfigurations = instanceRule<Convert>({
  id: "equal-configurations",
  source: "H9 [howto]",
  code: "badRequest",
  description: "All members have the same configuration, or none has one.",
  violation: (instance, context) => {
    const [source = instance, ...replicas] = membersToBe(instance, context);
    const odd = replicas.find(({ configurationId }) => configurationId !== source.configurationId);
    const words = ({ id, configurationId }: Instance): string =>
      `${id} has ${configurationId ?? "none"}`;
    return odd === undefined
      ? undefined
      : {
          message: `members of an HA group must have the same configuration: ${words(source)}, ${words(odd)}`,
          value: odd.id,
          allowed: source.configurationId ?? "none",
        };
  },
});

const membersActive = instanceRule<Convert>({
  id: "members-active",
  source: "R63 [inferred]",
  code: "unprocessableEntity",
  description: "Every member of the replication set is ACTIVE.",
  violation: (instance, context) => {
    for (const member of replicationSetOf(context.topology, instance)) {
      const violation = statusViolation(
        member,
        { signal: "conversion.started", doing: "convert to HA" },
        context,
      );
      if (violation !== undefined) return violation;
    }
    return undefined;
  },
});

/** Rules in the order in which their errors are reported. */
export const convertRules: readonly Rule<Convert>[] = [
  instanceExists(),
  outsideHa,
  inReplicationSet,
  haDatastore,
  haFlavor,
  equalMembers,
  equalConfigurations,
  labelIsFree(),
  membersActive,
];
