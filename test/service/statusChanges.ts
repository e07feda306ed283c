import type { Fact, ReplicationSimulator } from "replication-simulator";

/** Every change of a status that a world reports of from now on: `35 s instance-0: BUILD → ACTIVE`. */
export function received(sim: ReplicationSimulator): string[] {
  const lines: string[] = [];
  const start = sim.now;
  sim.subscribe(({ at, facts }) => {
    for (const fact of facts) {
      const reported = report(fact);
      if (reported !== undefined) lines.push(`${String((at - start) / 1000)} s ${reported}`);
    }
  });
  return lines;
}

function report(fact: Fact): string | undefined {
  switch (fact.type) {
    case "InstanceStateEntered":
    case "GroupStateEntered":
    case "BackupStateEntered":
      return fact.statusBefore === fact.status
        ? undefined
        : `${fact.id}: ${fact.statusBefore} → ${fact.status}`;
    case "InstanceCreated":
      return `${fact.instance.id}: ${fact.instance.status}`;
    case "GroupCreated":
      return `${fact.group.id}: ${fact.group.status}`;
    case "BackupCreated":
      return `${fact.backup.id}: ${fact.backup.status}`;
    case "InstanceRemoved":
    case "BackupRemoved":
      return `${fact.id}: gone`;
    default:
      return undefined;
  }
}

/** The ids of a page. */
export function idsOf(page: { readonly items: readonly { readonly id: string }[] }): string[] {
  return page.items.map(({ id }) => id);
}
