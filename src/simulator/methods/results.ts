import {
  backupOf,
  configurationOf,
  groupOf,
  instanceOf,
  scheduleOf,
} from "../../kernel/queries.js";
import type { CommandType, ResultOf } from "../../model/commandTypes.js";
import { InvariantViolationError } from "../../model/errors.js";
import type { Fact } from "../../model/facts.js";
import type { Topology } from "../../model/topology.js";
import { commands } from "../../service/commands/commands.js";

/** Data of an accepted command. */
export interface Accepted {
  readonly input: object;
  readonly facts: readonly Fact[];
  readonly topology: Topology;
  readonly accountId: string;
}

/** The row that a command was about, as it is after it. */
export function resultOf<K extends CommandType>(type: K, accepted: Accepted): ResultOf<K> {
  // Each case gives what ResultTypes says for it; TypeScript cannot follow K through a switch.
  return rowOf(type, accepted) as ResultOf<K>;
}

function rowOf(type: CommandType, { input, facts, topology, accountId }: Accepted) {
  const ids = input as {
    instanceId?: string;
    groupId?: string;
    scheduleId?: string;
    backupId?: string;
    configurationId?: string;
  };
  const own = (id: string | undefined) => ({ accountId, id: proven(id) });
  switch (commands[type].result) {
    case "newInstance":
      return instanceOf(topology, own(created(facts, "InstanceCreated")?.instance.id));
    case "newGroup":
      return groupOf(topology, own(created(facts, "GroupCreated")?.group.id));
    case "newSchedule":
      return scheduleOf(topology, own(created(facts, "ScheduleCreated")?.schedule.id));
    case "newBackup":
      return backupOf(topology, own(created(facts, "BackupCreated")?.backup.id));
    case "newConfiguration":
      return configurationOf(
        topology,
        own(created(facts, "ConfigurationCreated")?.configuration.id),
      );
    case "instance":
      return instanceOf(topology, own(ids.instanceId));
    case "group":
      return groupOf(topology, own(ids.groupId));
    case "schedule":
      return scheduleOf(topology, own(ids.scheduleId));
    case "backup":
      return backupOf(topology, own(ids.backupId));
    case "configuration":
      return configurationOf(topology, own(ids.configurationId));
    case "faultId":
      return created(facts, "FaultInjected")?.injected.id;
    case "nothing":
      return undefined;
  }
}

function created<T extends Fact["type"]>(
  facts: readonly Fact[],
  type: T,
): Extract<Fact, { readonly type: T }> | undefined {
  for (const fact of facts) {
    // Its type says which fact it is; TypeScript does not narrow by a type parameter.
    if (fact.type === type) return fact as Extract<Fact, { readonly type: T }>;
  }
  return undefined;
}

function proven(id: string | undefined): string {
  if (id === undefined) throw new InvariantViolationError("an accepted command returned no id");
  return id;
}
