import { accountOf } from "../../kernel/queries.js";
import { datastoreOf, flavorOf, wantedDatastore } from "../../model/catalog.js";
import type { CommandOf, InputOf } from "../../model/commandTypes.js";
import { labelIsFree, takenLabel } from "../accounts/labelRules.js";
import { configurationExists, configurationFits } from "../configurations/configurationRules.js";
import { datastoreFlavorViolation } from "../instances/createInstanceRules.js";
import { datastoreOnOffer } from "../instances/datastoreRules.js";
import { nodePlacesExist } from "../placement/placementRules.js";
import { replicationFlavorViolation } from "../replication/createReplicaRules.js";
import { pluralize } from "../shared/messages.js";
import { type Rule, rule } from "../shared/rule.js";
import { sizeOf } from "./haGroupRules.js";

type Create = CommandOf<"createHaGroup">;

const nodeFlavorsExist = rule<Create>({
  id: "flavor-exists",
  source: "R4 [trove]",
  code: "badRequest",
  field: "source.flavorId",
  description: "The flavor exists.",
  violation: (command, { catalog }) => {
    const odd = nodesOf(command).find(
      ({ node }) => flavorOf(catalog, String(node.flavorId)) === undefined,
    );
    return (
      odd && {
        message: `flavor ${String(odd.node.flavorId)} not found`,
        field: `${odd.path}.flavorId`,
        value: odd.node.flavorId,
        allowed: catalog.flavors.map((flavor) => flavor.id),
      }
    );
  },
});

const groupDatastore = rule<Create>({
  id: "ha-datastore",
  source: "R66 §1.4 [docs]",
  code: "badRequest",
  field: "datastore",
  description: "The datastore version supports HA, and is not deprecated.",
  violation: ({ datastore }, { catalog }) => {
    const known = datastoreOf(catalog, wantedDatastore(catalog, datastore));
    if (known === undefined || (known.ha && !known.deprecated)) return undefined;
    return {
      message: `datastore ${known.type} ${known.version} ${known.ha ? "is deprecated; no new groups can use it" : "does not support HA"}`,
      value: `${known.type} ${known.version}`,
    };
  },
});

const groupFlavor = rule<Create>({
  id: "ha-flavor",
  source: "R65 §1.3 [docs]",
  code: "badRequest",
  field: "source.flavorId",
  description:
    "Every member has a flavor of at least 1 GB of memory, on which the datastore version is offered.",
  violation: ({ source: { flavorId }, datastore }, context) => {
    const { catalog } = context;
    const known = datastoreOf(catalog, wantedDatastore(catalog, datastore));
    return (
      replicationFlavorViolation(String(flavorId), context) ??
      datastoreFlavorViolation(String(flavorId), known)
    );
  },
});

const equalNodes = rule<Create>({
  id: "equal-members",
  source: "R64 [docs]",
  code: "badRequest",
  field: "replicas",
  description: "All members of an HA group have the same flavor and the same volume size.",
  violation: (command) => {
    const { source } = command;
    const odd = nodesOf(command).find(({ node }) => sizeOf(node) !== sizeOf(source));
    return (
      odd && {
        message: `members of an HA group must have equal flavor and volume size: the source has ${sizeOf(source)}, ${odd.path} has ${sizeOf(odd.node)}`,
        field: odd.path,
        value: sizeOf(odd.node),
        allowed: sizeOf(source),
      }
    );
  },
});

const groupReplicaLimit = rule<Create>({
  id: "group-replica-limit",
  source: "R81 [docs]",
  code: "overLimit",
  field: "replicas",
  description: "An HA group has at most 2 replicas.",
  violation: ({ replicas }, { limits }) =>
    replicas.length <= limits.maxReplicasPerSource
      ? undefined
      : {
          message: `an HA group cannot have ${pluralize(replicas.length, "replica")}`,
          value: replicas.length,
          allowed: `at most ${pluralize(limits.maxReplicasPerSource, "replica")}`,
        },
});

const groupQuota = rule<Create>({
  id: "instance-quota",
  source: "R25 [docs]",
  code: "overLimit",
  field: "accountId",
  description: "An account has at most 25 instances. Each member of an HA group counts.",
  violation: (command, { topology, accountId, limits }) => {
    const { maxInstancesPerAccount } = limits;
    const count = accountOf(topology, accountId)?.instances.count ?? 0;
    const requested = nodesOf(command).length;
    return count + requested <= maxInstancesPerAccount
      ? undefined
      : {
          message: `the account has ${pluralize(count, "instance")}; ${String(requested)} more exceed its quota of ${String(maxInstancesPerAccount)}`,
          value: accountId,
          allowed: `at most ${pluralize(maxInstancesPerAccount, "instance")}`,
        };
  },
});

const labelsAreFree = rule<Create>({
  ...labelIsFree<Create>(),
  violation: (command, context) => {
    const given = [{ path: "label", label: command.label }];
    for (const { path, node } of nodesOf(command)) {
      given.push({ path: `${path}.label`, label: node.label });
    }
    for (const [at, { path, label }] of given.entries()) {
      if (label === undefined) continue;
      const violation = takenLabel(label, context);
      if (violation !== undefined) return { ...violation, field: path };
      const first = given.findIndex((other) => other.label === label);
      if (first < at) {
        return {
          message: `label ${JSON.stringify(label)} is used twice in this request`,
          field: path,
          value: label,
          allowed: "a label of its own for the group and for each member",
        };
      }
    }
    return undefined;
  },
});

/** Rules in the order in which their errors are reported. */
export const createHaGroupRules: readonly Rule<Create>[] = [
  configurationExists(),
  nodeFlavorsExist,
  nodePlacesExist,
  datastoreOnOffer(({ datastore }, { catalog }) => wantedDatastore(catalog, datastore)),
  groupDatastore,
  groupFlavor,
  equalNodes,
  configurationFits((command, { catalog }) => wantedDatastore(catalog, command.datastore)),
  labelsAreFree,
  groupReplicaLimit,
  groupQuota,
];

function nodesOf({ source, replicas }: Create): readonly {
  readonly path: string;
  readonly node: InputOf<"createHaGroup">["source"];
}[] {
  return [
    { path: "source", node: source },
    ...replicas.map((node, at) => ({ path: `replicas[${String(at)}]`, node })),
  ];
}
