import type { Fault, FaultKind } from "../domain/faults.js";

/** The instance that a fault strikes. */
export function subjectOfFault(fault: Fault): string {
  return "instanceId" in fault ? fault.instanceId : fault.replicaId;
}

/** What a fault does, in a few words. */
export const wordsOfFault: Readonly<Record<FaultKind, string>> = {
  crash: "its service crashes",
  hang: "its service hangs",
  recover: "its service is back",
  breakReplication: "its replication breaks",
  repairReplication: "its replication is repaired",
};
