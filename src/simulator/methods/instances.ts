import type { InputOf } from "../../domain/commandTypes.js";
import { record } from "../../domain/compositeFields.js";
import type { Instance } from "../../domain/entities.js";
import { boolean, optional, string } from "../../domain/fields.js";
import { mergeUntrusted } from "../../domain/parseCommand.js";
import { type Page, pageOfInstances, replicasOf } from "../../topology/queries.js";
import { type ListOptions, pagingFields } from "./base.js";
import { CatalogVerbs } from "./catalog.js";

/** Which instances, too: `includeReplicas` and `includeHa` let everything pass unless they are false. */
export interface ListInstancesOptions extends ListOptions {
  /** False leaves replicas out. */
  readonly includeReplicas?: boolean;
  /** False leaves members of HA groups out. */
  readonly includeHa?: boolean;
  /** Only those that have this configuration attached. */
  readonly configurationId?: string;
}

/** Instances, sources and replicas. */
export class InstanceVerbs extends CatalogVerbs {
  /**
   * Starts a stand-alone instance; it is BUILD until its work is done.
   * @throws InvalidInputError
   * @throws NotFoundError `restore-point-exists`, `configuration-exists`
   * @throws InvalidStatusError `restore-point-completed`
   * @throws RuleViolationError `flavor-exists`, `datastore-exists`, `datastore-not-deprecated`, `datastore-flavor`,
   * `configuration-fits`, `restore-point-fits`, `restore-name-conflict`, `unique-databases`, `unique-users`,
   * `user-databases-exist`, `instance-quota`, `label-unique`
   */
  createInstance(input: InputOf<"createInstance">): Instance {
    return this.run("createInstance", input);
  }

  /**
   * Starts a replica of a source. The source goes to RESTART meanwhile ("Create replica").
   * @throws InvalidInputError
   * @throws NotFoundError `source-exists`, `restore-point-exists`, `configuration-exists`
   * @throws InvalidStatusError `source-status`, `restore-point-completed`
   * @throws RuleViolationError `source-outside-ha`, `single-source`, `object-storage-access`,
   * `no-databases-on-replica`, `restore-point-fits`, `restore-point-of-source`, `configuration-fits`, `flavor-exists`,
   * `replication-flavor`, `datastore-flavor`, `replica-datastore`,
   * `datastore-replicates`, `replica-limit`, `instance-quota`, `label-unique`
   */
  createReplica(input: InputOf<"createReplica">): Instance {
    return this.run("createReplica", input);
  }

  /**
   * An instance as it is now ("List replica source", "List replica details").
   * @throws NotFoundError `instance-exists`
   */
  getInstance(instanceId: string): Instance {
    return this.show(this.instanceIn(this.looking("getInstance"), instanceId));
  }

  /**
   * One page of the account's instances, by id: an operation of the API, so that more than a page is cut off, and
   * `nextMarker` asks for the rest. `instances()` returns all at once. `includeReplicas: false` leaves replicas out,
   * `includeHa: false` members of HA groups, `configurationId` all that have another configuration or none ("List all replicas and replica source database instances").
   * @throws InvalidInputError
   */
  listInstances(options: ListInstancesOptions = {}): Page<Instance> {
    const topology = this.looking("listInstances");
    const {
      includeReplicas = true,
      includeHa = true,
      configurationId,
      ...page
    } = this.read(listInstancesField, options);
    const found = pageOfInstances(topology, this.accountId, {
      filter: { includeReplicas, includeHa, configurationId },
      page: this.pageOf(page),
    });
    return this.showPage(found);
  }

  /**
   * The replicas of a source, in order of creation; none for a replica or a lone instance.
   * @throws NotFoundError `instance-exists`
   */
  listReplicas(sourceId: string): readonly Instance[] {
    const topology = this.looking("listReplicas");
    return replicasOf(topology, this.instanceIn(topology, sourceId)).map((row) => this.show(row));
  }

  /**
   * Gives an instance another name, at once.
   * @throws InvalidInputError
   * @throws NotFoundError `instance-exists`
   * @throws InvalidStatusError `rename-status`
   */
  renameInstance(instanceId: string, name: string): Instance {
    return this.run("renameInstance", { instanceId, name });
  }

  /**
   * Restarts the service of an instance: REBOOT, then ACTIVE.
   * @throws InvalidInputError
   * @throws NotFoundError `instance-exists`
   * @throws RuleViolationError `not-ha-member`
   * @throws InvalidStatusError `restart-status`, `hidden-backup-running`
   */
  restartInstance(instanceId: string): Instance {
    return this.run("restartInstance", { instanceId });
  }

  /**
   * Moves an instance to another flavor: RESIZE, then ACTIVE.
   * @throws InvalidInputError
   * @throws NotFoundError `instance-exists`
   * @throws RuleViolationError `not-ha-member`, `flavor-exists`, `flavor-differs`, `datastore-flavor`, `replication-flavor`
   * @throws InvalidStatusError `resize-flavor-status`, `hidden-backup-running`
   */
  resizeFlavor(instanceId: string, flavorId: string | number): Instance {
    return this.run("resizeFlavor", { instanceId, flavorId });
  }

  /**
   * Makes the volume of an instance larger, in GB: RESIZE, then ACTIVE.
   * @throws InvalidInputError
   * @throws NotFoundError `instance-exists`
   * @throws RuleViolationError `not-ha-member`, `volume-grows`
   * @throws InvalidStatusError `resize-volume-status`, `hidden-backup-running`
   */
  resizeVolume(instanceId: string, volumeGb: number): Instance {
    return this.run("resizeVolume", { instanceId, volumeGb });
  }

  /**
   * Deletes an instance: DELETION_PENDING, then unknown. Asking again meanwhile is accepted.
   * @throws InvalidInputError
   * @throws NotFoundError `instance-exists`
   * @throws RuleViolationError `not-ha-member`, `source-has-replicas`
   * @throws InvalidStatusError `member-leaving`, `replicas-leaving`, `delete-status`
   */
  deleteInstance(instanceId: string): Instance {
    return this.run("deleteInstance", { instanceId });
  }

  /**
   * Cuts a replica from its source: DETACH_REPLICA, then ACTIVE and stand-alone, data kept ("Detach
   * replica"). The link stays until then. The status of the source does not matter.
   * @throws InvalidInputError
   * @throws NotFoundError `instance-exists`
   * @throws RuleViolationError `not-ha-member`, `is-replica`, `current-source`
   * @throws InvalidStatusError `detach-status`
   */
  detachReplica(
    instanceId: string,
    options: Omit<InputOf<"detachReplica">, "instanceId"> = {},
  ): Instance {
    return this.run("detachReplica", mergeUntrusted(options, { instanceId }));
  }

  /**
   * Says how much data an instance holds, in GB: no operation of the API, but what its users do inside it. What a
   * source holds, its replicas hold as well, as far as it fits on their volumes.
   * @throws InvalidInputError
   * @throws NotFoundError `instance-exists`
   * @throws RuleViolationError `data-fits`
   */
  setDataSize(instanceId: string, usedGb: number): Instance {
    return this.run("setDataSize", { instanceId, usedGb });
  }
}

const listInstancesField = record<ListInstancesOptions>({
  rule: "list-options",
  source: "§4.5 [docs]",
  of: {
    ...pagingFields,
    includeReplicas: optional(boolean({ rule: "list-filter", source: "§4.1 [api]" })),
    includeHa: optional(boolean({ rule: "list-filter", source: "§4.1 [docs]" })),
    configurationId: optional(
      string({ rule: "list-filter", source: "§1.5 [docs]", says: "the id of a configuration" }),
    ),
  },
});
