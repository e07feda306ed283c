import {
  documentedCatalog,
  type InstanceStatus,
  type ReplicationSimulator,
} from "replication-simulator";
import { after, configured, empty, group, lone, withGroupState, withState } from "../fixtures.js";
import {
  configurationExists,
  configurationFits,
  groupExists,
  groupStatus,
  instanceExists,
  labelUnique,
  outsideGroups,
} from "../shared.js";
import { specify, statusSpec } from "../spec.js";

const made = { configurationId: "configuration-0" } as const;
const toInstance = { instanceId: "instance-0", ...made } as const;
const toGroup = { groupId: "group-0", ...made } as const;
const attached = (): ReplicationSimulator =>
  after(configured(), (sim) => sim.attachConfiguration("instance-0", "configuration-0"));
const attachedToGroup = (): ReplicationSimulator =>
  after(configured(group), (sim) => sim.attachGroupConfiguration("group-0", "configuration-0"));

const parameters = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`p${String(at)}`, at]));

export const createConfiguration = specify("createConfiguration", {
  "datastore-exists": {
    code: "badRequest",
    refuses: [
      {
        when: "the version is unknown",
        world: empty,
        input: { name: "tuned", datastore: { version: "4.0" }, values: {} },
        message: "datastore mysql 4.0 not found",
        field: "datastore",
        value: "mysql 4.0",
        allowed: documentedCatalog.datastores.map(({ type, version }) => `${type} ${version}`),
      },
    ],
    passes: [
      { when: "nothing is said", world: empty, input: { name: "tuned", values: {} } },
      {
        when: "the version is known",
        world: empty,
        input: { name: "tuned", datastore: { version: "5.1" }, values: { any_name: true } },
      },
    ],
  },
  "label-unique": labelUnique((label) => ({ name: "tuned", values: {}, label }), empty),
});

const longer = { ...made, values: { max_connections: 200 } } as const;
const takes: readonly InstanceStatus[] = ["ACTIVE", "RESTART_REQUIRED"];
const usersByStatus = statusSpec<"updateConfiguration">({
  world: (state) => withState(attached(), "instance-0", state),
  id: "instance-0",
  input: longer,
  field: "configurationId",
  doing: "change the configuration of",
  takenIn: [...takes, "SHUTDOWN", "BLOCKED", "ERROR", "FAILED", "DELETION_PENDING"],
  needs: takes,
});

export const updateConfiguration = specify("updateConfiguration", {
  "configuration-exists": configurationExists(
    (configurationId) => ({ configurationId, values: {} }),
    lone,
  ),
  "configuration-change": {
    code: "badRequest",
    refuses: [
      {
        when: "nothing is named",
        world: configured,
        input: made,
        message: "there is nothing to change: give a name, a description or values",
        field: "configurationId",
        value: "configuration-0",
      },
      {
        when: "only how to change it is named",
        world: configured,
        input: { ...made, replace: true },
        message: "there is nothing to change: give a name, a description or values",
        field: "configurationId",
        value: "configuration-0",
      },
    ],
    passes: [
      { when: "a name is", world: configured, input: { ...made, name: "other" } },
      { when: "a description is", world: configured, input: { ...made, description: null } },
      { when: "values are", world: configured, input: { ...made, values: {} } },
    ],
  },
  "configuration-size": {
    code: "badRequest",
    refuses: [
      {
        when: "with those that stay there would be too many",
        world: configured,
        input: { ...made, values: parameters(200) },
        message: "configuration configuration-0 would have 201 parameters",
        field: "values",
        value: 201,
        allowed: "at most 200",
      },
    ],
    passes: [
      { when: "it is just full", world: configured, input: { ...made, values: parameters(199) } },
      {
        when: "none stays",
        world: configured,
        input: { ...made, values: parameters(200), replace: true },
      },
      {
        when: "the one that stays is named again",
        world: configured,
        input: { ...made, values: { ...parameters(199), max_connections: 1 } },
      },
    ],
  },
  "configuration-users-status": {
    ...usersByStatus,
    refuses: [
      // The backup of a service that is down waits for nothing that the values could disturb.
      ...usersByStatus.refuses.filter(({ when }) => !/backingUpWhile|replicaDown/.test(when)),
      {
        when: "a group that has it is at work",
        world: () => withGroupState(attachedToGroup(), "group-0", "resizingVolume"),
        input: longer,
        message:
          "cannot change the configuration of HA group group-0 in status RESIZING_VOLUME; allowed: ACTIVE, RESTART_REQUIRED",
        field: "configurationId",
        value: "RESIZING_VOLUME",
        allowed: ["ACTIVE", "RESTART_REQUIRED"],
      },
    ],
    passes: [
      ...usersByStatus.passes,
      {
        when: "only the name changes",
        world: () => withState(attached(), "instance-0", "rebooting"),
        input: { ...made, name: "other" },
      },
      {
        when: "the values are what they are",
        world: () => withState(attached(), "instance-0", "rebooting"),
        input: { ...made, values: { max_connections: 100 } },
      },
      {
        when: "a group that has it is at rest",
        world: attachedToGroup,
        input: longer,
      },
      {
        when: "a group that has it is being deleted",
        world: () => {
          const sim = attachedToGroup();
          sim.deleteHaGroup("group-0");
          return sim;
        },
        input: longer,
      },
    ],
  },
});

export const deleteConfiguration = specify("deleteConfiguration", {
  "configuration-exists": configurationExists((configurationId) => ({ configurationId }), lone),
  "configuration-unused": {
    code: "badRequest",
    refuses: [
      {
        when: "an instance has it",
        world: attached,
        input: made,
        message: "configuration configuration-0 is attached to instance-0; detach it first",
        field: "configurationId",
        value: "configuration-0",
      },
      {
        when: "an instance that is still building has it",
        world: () => {
          const sim = configured(empty);
          sim.createInstance({ flavorId: "2", volumeGb: 1, ...made });
          return sim;
        },
        input: made,
        message: "configuration configuration-0 is attached to instance-0; detach it first",
        field: "configurationId",
        value: "configuration-0",
      },
      {
        when: "a group has it",
        world: attachedToGroup,
        input: made,
        message: "configuration configuration-0 is attached to instance-0; detach it first",
        field: "configurationId",
        value: "configuration-0",
      },
    ],
    passes: [
      {
        when: "the instance that had it detached it",
        world: () => after(attached(), (sim) => sim.detachConfiguration("instance-0")),
        input: made,
      },
      {
        when: "the instance that had it is deleted",
        world: () =>
          after(attached(), (sim) => {
            sim.deleteInstance("instance-0");
          }),
        input: made,
      },
      {
        when: "another configuration is attached",
        world: () =>
          after(attached(), (sim) => sim.createConfiguration({ name: "other", values: {} })),
        input: { configurationId: "configuration-1" },
      },
    ],
  },
  "configuration-users-leaving": {
    code: "unprocessableEntity",
    refuses: [
      {
        when: "only an instance that is being deleted has it",
        world: () => {
          const sim = attached();
          sim.deleteInstance("instance-0");
          return sim;
        },
        input: made,
        message:
          "configuration configuration-0 is attached to instance-0, which is DELETION_PENDING; wait until that ends, then delete it",
        field: "configurationId",
        value: "DELETION_PENDING",
      },
      {
        when: "only a group that is being deleted has it, with its members",
        world: () => {
          const sim = attachedToGroup();
          sim.deleteHaGroup("group-0");
          return sim;
        },
        input: made,
        message:
          "configuration configuration-0 is attached to instance-0, which is DELETION_PENDING; wait until that ends, then delete it",
        field: "configurationId",
        value: "DELETION_PENDING",
      },
    ],
    passes: [
      {
        when: "the instance is gone",
        world: () => {
          const sim = attached();
          sim.deleteInstance("instance-0");
          sim.settle();
          return sim;
        },
        input: made,
      },
    ],
  },
});

export const attachConfiguration = specify("attachConfiguration", {
  "instance-exists": instanceExists((instanceId) => ({ instanceId, ...made }), configured),
  "configuration-exists": configurationExists(
    (configurationId) => ({ instanceId: "instance-0", configurationId }),
    lone,
  ),
  "not-ha-member": outsideGroups(
    (instanceId) => ({ instanceId, ...made }),
    "attach it to the group",
    (sim) => configured(() => sim),
  ),
  "one-configuration": {
    code: "badRequest",
    refuses: [
      {
        when: "it has this one",
        world: attached,
        input: toInstance,
        message: "instance instance-0 already has configuration configuration-0; detach it first",
        field: "configurationId",
        value: "configuration-0",
      },
      {
        when: "it has another one",
        world: () =>
          after(attached(), (sim) => sim.createConfiguration({ name: "other", values: {} })),
        input: { ...toInstance, configurationId: "configuration-1" },
        message: "instance instance-0 already has configuration configuration-0; detach it first",
        field: "configurationId",
        value: "configuration-0",
      },
    ],
    passes: [
      {
        when: "the one that it had is detached",
        world: () => after(attached(), (sim) => sim.detachConfiguration("instance-0")),
        input: toInstance,
      },
    ],
  },
  "configuration-fits": configurationFits(toInstance, lone),
  "configuration-status": statusSpec<"attachConfiguration">({
    world: (state) => withState(configured(), "instance-0", state),
    id: "instance-0",
    input: toInstance,
    doing: "change the configuration of",
    takenIn: ["ACTIVE"],
    needs: ["ACTIVE"],
  }),
});

export const detachConfiguration = specify("detachConfiguration", {
  "instance-exists": instanceExists((instanceId) => ({ instanceId })),
  "not-ha-member": outsideGroups((instanceId) => ({ instanceId }), "detach it from the group"),
  "configuration-status": statusSpec<"detachConfiguration">({
    world: (state) => withState(attached(), "instance-0", state),
    id: "instance-0",
    input: { instanceId: "instance-0" },
    doing: "change the configuration of",
    takenIn: ["ACTIVE"],
    needs: ["ACTIVE"],
  }),
});

export const attachGroupConfiguration = specify("attachGroupConfiguration", {
  "group-exists": groupExists(
    (groupId) => ({ groupId, ...made }),
    () => configured(group),
  ),
  "configuration-exists": configurationExists(
    (configurationId) => ({ groupId: "group-0", configurationId }),
    group,
  ),
  "one-configuration": {
    code: "badRequest",
    refuses: [
      {
        when: "the group has it already",
        world: attachedToGroup,
        input: toGroup,
        message: "HA group group-0 already has configuration configuration-0; detach it first",
        field: "configurationId",
        value: "configuration-0",
      },
    ],
    passes: [
      {
        when: "the group has detached it",
        world: () => after(attachedToGroup(), (sim) => sim.detachGroupConfiguration("group-0")),
        input: toGroup,
      },
    ],
  },
  "configuration-fits": configurationFits(toGroup, group),
  "group-status": groupStatus<"attachGroupConfiguration">({
    world: (state) => withGroupState(configured(group), "group-0", state),
    input: toGroup,
    doing: "change the configuration of",
    takenIn: ["active"],
  }),
});

export const detachGroupConfiguration = specify("detachGroupConfiguration", {
  "group-exists": groupExists((groupId) => ({ groupId })),
  "group-status": groupStatus<"detachGroupConfiguration">({
    world: (state) => withGroupState(attachedToGroup(), "group-0", state),
    input: { groupId: "group-0" },
    doing: "change the configuration of",
    takenIn: ["active"],
  }),
});
