import type { CommandOf } from "../../model/commandTypes.js";
import { groupStatusViolation, type Rule, rule, subjectGroup } from "../shared/rule.js";
import { groupExists } from "./groupRule.js";

function aclStatus<C extends CommandOf<"addAcl"> | CommandOf<"deleteAcl">>(): Rule<C> {
  return rule<C>({
    id: "acl-status",
    source: "R91 [docs]",
    code: "unprocessableEntity",
    field: "groupId",
    description: "The group is built.",
    violation: ({ groupId }, context) => {
      const group = subjectGroup(groupId, context);
      return (
        group &&
        groupStatusViolation(
          group,
          { signal: "acl.requested", doing: "change the ACLs of" },
          context,
        )
      );
    },
  });
}

const aclExists = rule<CommandOf<"deleteAcl">>({
  id: "acl-exists",
  source: "R92 [docs]",
  code: "itemNotFound",
  field: "address",
  description: "The ACL exists in the group.",
  violation: ({ groupId, address }, context) => {
    const group = subjectGroup(groupId, context);
    return group === undefined || group.acls.includes(address)
      ? undefined
      : {
          message: `ACL ${address} not found in HA group ${groupId}`,
          value: address,
          allowed: group.acls,
        };
  },
});

/** Adding a range that is there already is accepted and changes nothing (R93). */
export const addAclRules: readonly Rule<CommandOf<"addAcl">>[] = [groupExists(), aclStatus()];

/** Only a range that is there can be deleted. */
export const deleteAclRules: readonly Rule<CommandOf<"deleteAcl">>[] = [
  groupExists(),
  aclExists,
  aclStatus(),
];
