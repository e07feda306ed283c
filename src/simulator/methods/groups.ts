import type { InputOf } from "../../domain/commandTypes.js";
import type { HaGroup } from "../../domain/entities.js";
import { mergeUntrusted } from "../../domain/parseCommand.js";
import { type Page, pageOfGroups } from "../../topology/queries.js";
import { type ListOptions, listField } from "./base.js";
import { InstanceVerbs } from "./instances.js";

/** HA groups and their ACLs. */
export class GroupVerbs extends InstanceVerbs {
  /**
   * Turns a replication set, named by its source or any replica, into an HA group ("Convert replication setup to
   * HA"). The members are CONVERT_TO_HA meanwhile; then replication is semi-synchronous, and a schedule of
   * a member has become the group's.
   * @throws InvalidInputError
   * @throws NotFoundError `instance-exists`
   * @throws RuleViolationError `outside-ha`, `in-replication-set`, `ha-datastore`, `ha-flavor`, `equal-members`, `equal-configurations`,
   * `label-unique`
   * @throws InvalidStatusError `members-active`
   */
  convertToHa(instanceId: string, options: Omit<InputOf<"convertToHa">, "instanceId">): HaGroup {
    return this.run("convertToHa", mergeUntrusted(options, { instanceId }));
  }

  /**
   * An HA group as it is now.
   * @throws NotFoundError `group-exists`
   */
  getGroup(groupId: string): HaGroup {
    return this.show(this.groupIn(this.looking("getGroup"), groupId));
  }

  /**
   * One page of the account's HA groups, by id.
   * @throws InvalidInputError
   */
  listGroups(options: ListOptions = {}): Page<HaGroup> {
    const topology = this.looking("listGroups");
    const page = this.pageOf(this.read(listField, options));
    return this.showPage(pageOfGroups(topology, this.accountId, page));
  }

  /**
   * Lets an IPv4 range (CIDR) reach a group; one that may already stays as it is.
   * @throws InvalidInputError
   * @throws NotFoundError `group-exists`
   * @throws InvalidStatusError `acl-status`
   */
  addAcl(groupId: string, address: string): HaGroup {
    return this.run("addAcl", { groupId, address });
  }

  /**
   * The ranges that may reach a group, in the order in which they were given; none means that nothing may.
   * @throws NotFoundError `group-exists`
   */
  listAcls(groupId: string): readonly string[] {
    return this.groupIn(this.looking("listAcls"), groupId).acls;
  }

  /**
   * Takes a range away from a group.
   * @throws InvalidInputError
   * @throws NotFoundError `group-exists`, `acl-exists`
   * @throws InvalidStatusError `acl-status`
   */
  deleteAcl(groupId: string, address: string): HaGroup {
    return this.run("deleteAcl", { groupId, address });
  }
}
