import { aboutRow, type FactSubjects, type FactWords } from "../shared/factWords.js";

import type { DatabaseFactType } from "./databaseFacts.js";

/** What these facts are about. */
export const databaseFactSubjects: FactSubjects<DatabaseFactType> = {
  DatabasesChanged: { about: aboutRow },
  UsersChanged: { about: aboutRow },
};

/** How these facts read in words. */
export const databaseFactWords: FactWords<DatabaseFactType> = {
  DatabasesChanged: ({ id, added, removed }) => {
    const gone = removed.map((name) => ({ name }));
    return { subjectId: id, words: contentWords("databases", { added, removed: gone }) };
  },
  UsersChanged: (fact) => ({ subjectId: fact.id, words: contentWords("users", fact) }),
};

/** Names a few of what an instance has more, and less. */
function contentWords(
  kind: string,
  { added, removed }: { readonly added: readonly Named[]; readonly removed: readonly Named[] },
): string {
  return [
    ...(added.length === 0 ? [] : [`has ${kind} ${names(added)}`]),
    ...(removed.length === 0 ? [] : [`has no ${kind} ${names(removed)}`]),
  ].join(", ");
}

interface Named {
  readonly name: string;
}

function names(rows: readonly Named[]): string {
  const few = rows.slice(0, namesMax).map(({ name }) => name);
  const more = rows.length - few.length;
  return few.join(" ") + (more === 0 ? "" : ` and ${String(more)} more`);
}

const namesMax = 20;
