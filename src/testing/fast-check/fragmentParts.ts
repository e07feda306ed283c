import type { Act, Reference, ReferenceKind, Story, StoryCommand } from "../story.js";

/*
 * Acts that many phrases are made of.
 */

/** The newest of a kind. */
export const newest = (the: ReferenceKind): Reference => ({ the, nth: -1 });
/** A command, by the simulator's own account. */
export const execute = (command: StoryCommand): Act => ({ execute: command });
/** A size that can replicate. */
export const size = { flavorId: "2", volumeGb: 10 } as const;
/** A day. */
export const dayMs = 86_400_000;

/** A stand-alone instance. */
export const source = execute({ type: "createInstance", ...size });
/** A replica of the newest of a kind. */
export const replicaOf = (the: ReferenceKind): Act =>
  execute({ type: "createReplica", ...size, replicaOf: newest(the) });
/** The newest set becomes a group. */
export const conversion = execute({
  type: "convertToHa",
  instanceId: newest("replica"),
  name: "ha",
});
/** A source and its replica, both built. */
export const set: Story = [source, "settle", replicaOf("instance"), "settle"];

/** The newest group. */
export const groupId = newest("group");
/** A configuration that needs a restart. */
export const wide = {
  type: "createConfiguration",
  name: "wide",
  values: { innodb_log_file_size: 48 },
} as const;
/** The newest configuration. */
export const configurationId = newest("configuration");
