import type {
  DraftCommand,
  Reference,
  ReferenceKind,
  StepDraft,
  StepDrafts,
} from "./stepDrafts.js";

/* Steps that many fragments share. */

/** Returns a reference to the newest resource of a kind. */
export const newest = (the: ReferenceKind): Reference => ({ the, nth: -1 });
/** Returns a command of the simulator's own account. */
export const execute = (command: DraftCommand): StepDraft => ({ execute: command });
/** A size that supports replication. */
export const size = { flavorId: "2", volumeGb: 10 } as const;
/** One day in ms. */
export const dayMs = 86_400_000;

/** A stand-alone instance. */
export const source = execute({ type: "createInstance", ...size });
/** Returns the creation of a replica of the newest resource of a kind. */
export const replicaOf = (the: ReferenceKind): StepDraft =>
  execute({ type: "createReplica", ...size, replicaOf: newest(the) });
/** Converts the newest replication set to a group. */
export const conversion = execute({
  type: "convertToHa",
  instanceId: newest("replica"),
  name: "ha",
});
/** A source and its replica, both built. */
export const set: StepDrafts = [source, "settle", replicaOf("instance"), "settle"];

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
