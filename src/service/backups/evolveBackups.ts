import { add, enter, existing, remove } from "../../kernel/writeRows.js";
import type { FactOf } from "../../model/facts.js";
import type { Mutable, Topology } from "../../model/topology.js";

/** Facts about backups. */
export type BackupFact = FactOf<
  "BackupCreated" | "BackupStateEntered" | "BackupEnded" | "BackupRemoved"
>;

/** Writes a fact of this subject; for `evolve` alone. */
export function evolveBackup(topology: Mutable<Topology>, fact: BackupFact, at: number): void {
  switch (fact.type) {
    case "BackupCreated": {
      const { backup } = fact;
      add(topology, "backups", backup, fact);
      existing(topology.instances, fact.instanceRow).backupId = backup.id;
      if (fact.groupRow !== null) existing(topology.groups, fact.groupRow).backupId = backup.id;
      return;
    }
    case "BackupStateEntered": {
      enter(existing(topology.backups, fact.row), fact, at);
      return;
    }
    case "BackupEnded": {
      const row = existing(topology.backups, fact.row);
      row.sizeGb = fact.sizeGb;
      row.dataGb = fact.dataGb;
      free(existing(topology.instances, fact.instanceRow), fact.id);
      if (fact.groupRow !== null) free(existing(topology.groups, fact.groupRow), fact.id);
      return;
    }
    case "BackupRemoved": {
      remove(topology, "backups", fact);
      return;
    }
  }
}

/** A source that another backup has been begun of meanwhile stays occupied by that one. */
function free(owner: { backupId: string | null }, id: string): void {
  if (owner.backupId === id) owner.backupId = null;
}
