import { existing } from "../../kernel/writeRows.js";
import type { FactOf } from "../../model/facts.js";
import type { Mutable, Topology } from "../../model/topology.js";
import type { DatabaseUser } from "../instances/instance.model.js";

/** Facts about databases and their users. */
export type DatabaseFact = FactOf<"DatabasesChanged" | "UsersChanged">;

/** Writes a fact of this subject; for `evolve` alone. */
export function evolveDatabases(topology: Mutable<Topology>, fact: DatabaseFact, at: number): void {
  switch (fact.type) {
    case "DatabasesChanged": {
      const row = existing(topology.instances, fact.row);
      const { added, removed } = fact;
      row.databases = [...row.databases.filter(({ name }) => !removed.includes(name)), ...added];
      if (removed.length > 0)
        row.users = row.users.map((user) => withoutAccess(user, removed)) as MutableUsers;
      row.updatedAt = at;
      return;
    }
    case "UsersChanged": {
      const row = existing(topology.instances, fact.row);
      const { added, removed } = fact;
      const isRemoved = ({ name, host }: DatabaseUser): boolean =>
        removed.some((user) => user.name === name && user.host === host);
      row.users = [...row.users.filter((user) => !isRemoved(user)), ...added] as MutableUsers;
      row.updatedAt = at;
      return;
    }
  }
}

/** Users are replaced and never changed, so that rows may share them with facts. */
type MutableUsers = Mutable<DatabaseUser>[];

function withoutAccess(user: DatabaseUser, removed: readonly string[]): DatabaseUser {
  const databases = user.databases.filter((name) => !removed.includes(name));
  return databases.length === user.databases.length ? user : { ...user, databases };
}
