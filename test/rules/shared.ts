import type { CommandType, InputOf, ReplicationSimulator } from "replication-simulator";
import { type HaGroupState, transitionTables } from "replication-simulator/lifecycle";
import {
  after,
  configured,
  empty,
  foreign,
  group,
  lone,
  pair,
  small,
  unconverted,
} from "./fixtures.js";
import { needed, type Passing, type Refusing, type RuleSpec, reported } from "./spec.js";

/*
 * What rules do that many commands share: the same sentences for each of them.
 */

type World = () => ReplicationSimulator;

/** A rule of every command on one instance: refused alike for a wrong id and for another account's. */
export function instanceExists<K extends CommandType>(
  input: (instanceId: string) => InputOf<K>,
  world: World = lone,
): RuleSpec<K> {
  const unknown = (when: string, id: string, made: World): Refusing<K> => ({
    when,
    world: made,
    input: input(id),
    message: `instance ${id} not found`,
    field: "instanceId",
    value: id,
  });
  return {
    code: "itemNotFound",
    refuses: [
      unknown("no resource has the id", "no-such-id", world),
      unknown("another account has it", "instance-0", () => {
        const sim = empty();
        sim.account("5678").createInstance(small);
        sim.settle();
        return sim;
      }),
      unknown("it has been deleted", "instance-0", () =>
        after(lone(), (sim) => {
          sim.deleteInstance("instance-0");
        }),
      ),
    ],
    passes: [{ when: "it is the account's own", world, input: input("instance-0") }],
  };
}

/** Refusals for a member of an HA group, source or replica; a set whose conversion failed is free again. */
export function outsideGroups<K extends CommandType>(
  input: (instanceId: string) => InputOf<K>,
  instead: string,
  prepared: (sim: ReplicationSimulator) => ReplicationSimulator = (sim) => sim,
): RuleSpec<K> {
  return {
    code: "forbidden",
    refuses: ["instance-0", "instance-1"].map((id) => ({
      when: `it is the ${id === "instance-0" ? "source" : "replica"} of an HA group`,
      world: () => prepared(group()),
      input: input(id),
      message: `instance ${id} belongs to HA group group-0; ${instead}`,
      field: "instanceId",
      value: id,
    })),
    passes: [
      {
        when: "its conversion to HA has failed",
        world: () => prepared(unconverted()),
        input: input("instance-1"),
      },
      {
        when: "it is a plain replica",
        world: () => prepared(pair()),
        input: input("instance-1"),
      },
    ],
  };
}

/** The zone and the rack of a new instance; another rule of the region of the world. */
export function knownPlace<K extends CommandType>(
  input: (place: {
    readonly zone?: `zone-${number}`;
    readonly rack?: `rack-${number}`;
  }) => InputOf<K>,
  world: World,
  path = "",
): RuleSpec<K> {
  return {
    code: "badRequest",
    refuses: [
      {
        when: "the region has no such zone",
        world,
        input: input({ zone: "zone-4" }),
        message: "there is no zone-4: the option placement gives zone-1, zone-2, zone-3",
        field: `${path}zone`,
        value: "zone-4",
        allowed: ["zone-1", "zone-2", "zone-3"],
      },
      {
        when: "the region has no such rack",
        world,
        input: input({ rack: "rack-7" }),
        message:
          "there is no rack-7 in the region: it has rack-1, rack-2, rack-3, rack-4, rack-5, rack-6",
        field: `${path}rack`,
        value: "rack-7",
        allowed: ["rack-1", "rack-2", "rack-3", "rack-4", "rack-5", "rack-6"],
      },
      {
        when: "the rack is in another zone",
        world,
        input: input({ zone: "zone-1", rack: "rack-3" }),
        message: "there is no rack-3 in zone-1: it has rack-1, rack-2",
        field: `${path}rack`,
        value: "rack-3",
        allowed: ["rack-1", "rack-2"],
      },
    ],
    passes: [
      { when: "it is a zone", world, input: input({ zone: "zone-3" }) },
      { when: "it is the last rack", world, input: input({ rack: "rack-6" }) },
      { when: "it is a rack of the zone", world, input: input({ zone: "zone-2", rack: "rack-4" }) },
    ],
  };
}

/** A rule of every command on one group. */
export function groupExists<K extends CommandType>(
  input: (groupId: string) => InputOf<K>,
  world: World = group,
): RuleSpec<K> {
  const unknown = (when: string, id: string, made: World): Refusing<K> => ({
    when,
    world: made,
    input: input(id),
    message: `HA group ${id} not found`,
    field: "groupId",
    value: id,
  });
  return {
    code: "itemNotFound",
    refuses: [
      unknown("no resource has the id", "no-such-id", world),
      unknown("an instance has the id", "instance-0", world),
      unknown("another account has it", "group-0", foreign),
      unknown("it has been deleted", "group-0", () =>
        after(group(), (sim) => {
          sim.deleteHaGroup("group-0");
        }),
      ),
    ],
    passes: [{ when: "it is the account's own", world, input: input("group-0") }],
  };
}

/** "May happen in this state", for every state of a group: taken in the ones given, refused in all others. */
export function groupStatus<K extends CommandType>({
  world,
  input,
  field = "groupId",
  doing,
  takenIn,
}: {
  readonly world: (state: HaGroupState) => ReplicationSimulator;
  readonly input: InputOf<K>;
  readonly field?: string;
  /** The command, as the message names it. */
  readonly doing: string;
  readonly takenIn: readonly HaGroupState[];
}): RuleSpec<K> {
  const { states, statusOf } = transitionTables().group;
  const seen = states.filter((state) => state !== "requested" && state !== "deleted");
  const allowed = [
    ...new Set(seen.filter((state) => takenIn.includes(state)).map((state) => statusOf[state])),
  ];
  const all = [...new Set(seen.map((state) => statusOf[state]))];
  const at = (state: HaGroupState): Passing<K> => ({
    when: `the group is ${statusOf[state]} (${state})`,
    world: () => world(state),
    input,
  });
  return {
    code: "unprocessableEntity",
    refuses: seen
      .filter((state) => !takenIn.includes(state))
      .map((state) => ({
        ...at(state),
        message: `cannot ${doing} HA group group-0 in status ${reported({ state, status: statusOf[state] }, allowed)}; allowed: ${needed(allowed, all)}`,
        field,
        value: statusOf[state],
        allowed,
      })),
    passes: takenIn.map(at),
  };
}

/** The configuration that a command names is one of the account's own. */
export function configurationExists<K extends CommandType>(
  input: (configurationId: string) => InputOf<K>,
  world: World,
): RuleSpec<K> {
  return {
    code: "itemNotFound",
    refuses: [
      {
        when: "no resource has the id",
        world: () => configured(world),
        input: input("no-such-id"),
        message: "configuration no-such-id not found",
        field: "configurationId",
        value: "no-such-id",
      },
      {
        when: "another account has it",
        world: () => {
          const sim = world();
          sim.account("5678").createConfiguration({ name: "tuned", values: {} });
          return sim;
        },
        input: input("configuration-0"),
        message: "configuration configuration-0 not found",
        field: "configurationId",
        value: "configuration-0",
      },
      {
        when: "it has been deleted",
        world: () =>
          after(configured(world), (sim) => {
            sim.deleteConfiguration("configuration-0");
          }),
        input: input("configuration-0"),
        message: "configuration configuration-0 not found",
        field: "configurationId",
        value: "configuration-0",
      },
    ],
    passes: [
      {
        when: "it is the account's own",
        world: () => configured(world),
        input: input("configuration-0"),
      },
    ],
  };
}

/** A configuration serves the datastore version that it was made for. */
export function configurationFits<K extends CommandType>(
  input: InputOf<K>,
  world: World,
): RuleSpec<K> {
  const made = (version: string) => () => {
    const sim = world();
    sim.createConfiguration({ name: "tuned", datastore: { version }, values: {} });
    return sim;
  };
  return {
    code: "badRequest",
    refuses: [
      {
        when: "it is for another version",
        world: made("5.7"),
        input,
        message: "configuration configuration-0 is for mysql 5.7, not for mysql 5.6",
        field: "configurationId",
        value: "configuration-0",
        allowed: "mysql 5.6",
      },
      {
        when: "it is for another type",
        world: () => {
          const sim = world();
          sim.createConfiguration({
            name: "tuned",
            datastore: { type: "percona", version: "5.6" },
            values: {},
          });
          return sim;
        },
        input,
        message: "configuration configuration-0 is for percona 5.6, not for mysql 5.6",
        field: "configurationId",
        value: "configuration-0",
        allowed: "mysql 5.6",
      },
    ],
    passes: [{ when: "it is for the very version", world: made("5.6"), input }],
  };
}

/** The rule of every command that can give a label. */
export function labelUnique<K extends CommandType>(
  input: (label: string) => InputOf<K>,
  world: World,
  field = "label",
): RuleSpec<K> {
  const labelled = (): ReplicationSimulator =>
    after(world(), (sim) => sim.createConfiguration({ name: "c", values: {}, label: "taken" }));
  const refused = (when: string, made: World, owner: string): Refusing<K> => ({
    when,
    world: made,
    input: input("taken"),
    message: `label "taken" is already used by ${owner}`,
    field,
    value: "taken",
    allowed: "a label never used in the account",
  });
  return {
    code: "badRequest",
    refuses: [
      refused("something else has it", labelled, "configuration configuration-0"),
      refused(
        "what had it is gone",
        () => after(labelled(), (sim) => sim.deleteConfiguration("configuration-0")),
        "a configuration, which is gone",
      ),
    ],
    passes: [
      { when: "nothing has it", world: labelled, input: input("taken too") },
      {
        when: "something of another account has it",
        world: () =>
          after(world(), (sim) =>
            sim.account("5678").createConfiguration({ name: "c", values: {}, label: "taken" }),
          ),
        input: input("taken"),
      },
    ],
  };
}
