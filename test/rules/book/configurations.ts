import { documentedCatalog, type ReplicationSimulator } from "replication-simulator";
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
