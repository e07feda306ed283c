import { putId } from "../collections/idIndex.js";
import { appendRow } from "../collections/table.js";
import { existing } from "../kernel/writeRows.js";
import type { Fact } from "../model/facts.js";
import type { LifecycleRow, Work } from "../model/rows.js";
import { emptyAccount, type Mutable, type Topology } from "../model/topology.js";
import { evolveBackup } from "./backups/evolveBackups.js";
import { evolveConfiguration } from "./configurations/evolveConfigurations.js";
import { evolveDatabases } from "./databases/evolveDatabases.js";
import { evolveFailoverLoss, evolvePromotion } from "./failover/evolveFailover.js";
import { evolveFault } from "./faults/evolveFaults.js";
import { evolveHaGroup } from "./haGroups/evolveHaGroups.js";
import { evolveInstance } from "./instances/evolveInstances.js";
import { evolvePartition } from "./placement/evolvePartition.js";
import { evolveData } from "./replication/evolveData.js";
import { evolveReplication } from "./replication/evolveReplication.js";
import { evolveSchedule } from "./schedules/evolveSchedules.js";

/**
 * Writes one fact into a topology: the only function that does. The same code runs on the overlay of a transaction, and
 * in place on a topology that facts are folded over (replay, pictures). It decides nothing: a fact that does not
 * fit the topology is our mistake and is thrown as one.
 * @param at - virtual time of the fact, which becomes `updatedAt` of the rows it touches
 * @throws InvariantViolationError
 */
export function evolve(topology: Mutable<Topology>, fact: Fact, at: number): void {
  switch (fact.type) {
    case "InstanceCreated":
    case "InstanceStateEntered":
    case "InstanceChanged":
    case "InstanceRemoved":
      evolveInstance(topology, fact, at);
      return;
    case "GroupCreated":
    case "GroupStateEntered":
    case "GroupChanged":
    case "GroupRemoved":
    case "MemberJoined":
    case "MemberLeft":
    case "ReplicationModeChanged":
    case "AclAdded":
    case "AclRemoved":
      evolveHaGroup(topology, fact, at);
      return;
    case "BackupCreated":
    case "BackupStateEntered":
    case "BackupEnded":
    case "BackupRemoved":
      evolveBackup(topology, fact, at);
      return;
    case "ScheduleCreated":
    case "ScheduleChanged":
    case "ScheduleRemoved":
    case "ScheduleFired":
      evolveSchedule(topology, fact, at);
      return;
    case "ReplicationStarted":
    case "ReplicationStopped":
      evolveReplication(topology, fact);
      return;
    case "SourcePromoted":
      evolvePromotion(topology, fact, at);
      return;
    case "DatabasesChanged":
    case "UsersChanged":
      evolveDatabases(topology, fact, at);
      return;
    case "ConfigurationCreated":
    case "ConfigurationChanged":
    case "ConfigurationRemoved":
      evolveConfiguration(topology, fact, at);
      return;
    case "PartitionChanged":
      evolvePartition(topology, fact);
      return;
    case "FaultInjected":
    case "FaultActivated":
    case "FaultClockChanged":
    case "FaultCounterChanged":
    case "FaultEnded":
      evolveFault(topology, fact);
      return;
    case "AccountOpened": {
      const ordinal = topology.accounts.size;
      appendRow(topology.accounts, emptyAccount(fact.accountId, ordinal));
      putId(topology.accountIndex, fact.accountId, ordinal);
      return;
    }
    case "WorkRedrawn": {
      const tables = { instance: "instances", group: "groups", backup: "backups" } as const;
      const row: { work: Work | null } = existing<LifecycleRow>(
        topology[tables[fact.owner]],
        fact.row,
      );
      row.work = fact.work;
      return;
    }
    // They say what the states around them mean, and change nothing else.
    case "FailoverStarted":
    case "FailoverAborted":
    case "ReplicaPromoted":
      return;
    case "LogStarted":
      evolveData(topology, existing(topology.instances, fact.row), fact);
      evolveFailoverLoss(topology, fact);
      return;
    // All others are of the data plane: the compiler finds one that is not.
    default:
      evolveData(topology, existing(topology.instances, fact.row), fact);
  }
}
