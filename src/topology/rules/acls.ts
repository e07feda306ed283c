import type { CommandOf } from "../../domain/commandTypes.js";
import { groupExists } from "./groupRule.js";
import { groupStatusViolation, type Rule, rule, subjectGroup } from "./rule.js";

function aclStatus<C extends CommandOf<"addAcl"> | CommandOf<"deleteAcl">>(): Rule<C> {
  return rule<C>({
    id: "acl-status",
    source: "R91 [docs]",
    code: "unprocessableEntity",
    field: "groupId",
    says: "The ACLs of a group change only after it is built.",
    violation: ({ groupId }, context) => {
      const group = subjectGroup(groupId, context);
      return (
        group &&
        groupStatusViolation(
          group,
          { signal: "acl.requested", doing: "a change of its ACLs" },
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
  says: "The range is one of the group's ACLs.",
  violation: ({ groupId, address }, context) => {
    const group = subjectGroup(groupId, context);
    return group === undefined || group.acls.includes(address)
      ? undefined
      : {
          message: `HA group ${groupId} has no ACL ${address}`,
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
