import type { Fact } from "../domain/facts.js";
import type { JournalEntry } from "../engine/journal.js";
import { plain, shortName } from "../outline/escape.js";
import { describeFact, statusChange } from "./describeFact.js";
import { subjectOfFault } from "./describeFault.js";
import type { Directory } from "./directory.js";

/** What one journal line did to one instance or group. */
export interface Effect {
  /** Id of the instance or group; empty where a line is about none. */
  readonly who: string;
  /** `BUILD → ACTIVE`; empty where the status stayed. */
  readonly status: string;
  readonly what: readonly string[];
}

/** The effects of a line, its subject first. The directory must have heard the facts already. */
export function effectsOf(line: JournalEntry, directory: Directory): readonly Effect[] {
  const byWho = new Map<string, { status: string; what: string[] }>();
  const on = (who: string) => {
    const effect = byWho.get(who) ?? { status: "", what: [] };
    byWho.set(who, effect);
    return effect;
  };
  on(subjectOf(line, directory)).what.push(describeTrigger(line));
  for (const fact of line.facts) {
    const status = statusChange(fact, directory);
    if (status !== undefined)
      on(status.who).status = following(on(status.who).status, status.words);
    const told = describeFact(fact, directory);
    if (told !== undefined) on(told.who).what.push(told.words);
  }
  return [...byWho].map(([who, effect]) => ({ who, ...effect }));
}

/** What an entry did to one instance or group, ready to print: no control characters, no marks of direction. */
export interface EntryText {
  /** Id of the instance or group; empty where an entry is about none. */
  readonly who: string;
  readonly name: string;
  /** `BUILD → ACTIVE`; empty where the status stayed. */
  readonly status: string;
  readonly text: string;
}

/** An entry in words, its subject first. Names are those that the directory has now. */
export function entryText(entry: JournalEntry, directory: Directory): readonly EntryText[] {
  return effectsOf(entry, directory).map(({ who, status, what }, at) => ({
    who,
    name: shortName(directory.nameOf(who)),
    status,
    text: plain(at === 0 ? sentence(what) : what.join("; ")),
  }));
}

/** `build has failed: no host has room`. */
function sentence([first = "", ...rest]: readonly string[]): string {
  return rest.length === 0 ? first : `${first}: ${rest.join("; ")}`;
}

/** Whether an entry is about a backup that no listing ever shows, and about nothing else. */
export function isHidden({ trigger, facts }: JournalEntry, directory: Directory): boolean {
  if (trigger.kind !== "task" || trigger.entity !== "backup") return false;
  return directory.backup(trigger.id).isHidden && facts.every(({ type }) => backupFacts.has(type));
}

const backupFacts: ReadonlySet<Fact["type"]> = new Set([
  "BackupStateEntered",
  "BackupEnded",
  "BackupRemoved",
]);

/** The last change of status of an entry; a removal starts from the status that the same entry has set. */
function following(before: string, change: string): string {
  return change.endsWith("→ gone") && before !== ""
    ? `${before.replace(/^.*→ /, "")} → gone`
    : change;
}

/** The instance or group that a line is about. */
export function subjectOf({ trigger, facts }: JournalEntry, directory: Directory): string {
  switch (trigger.kind) {
    case "task":
      return trigger.entity === "backup" ? directory.backup(trigger.id).owner : trigger.id;
    case "tick":
      return directory.ownerOf(trigger.scheduleId);
    case "acknowledgement":
      return trigger.instanceId;
    case "fault":
      return directory.targetOf(trigger);
    case "command": {
      for (const fact of facts) {
        if (fact.type === "GroupCreated") return fact.group.id;
        if (fact.type === "InstanceCreated") return fact.instance.id;
      }
      const { command } = trigger;
      if ("groupId" in command) return command.groupId;
      if ("instanceId" in command) return command.instanceId;
      if ("ownerId" in command) return command.ownerId;
      if ("scheduleId" in command) return directory.ownerOf(command.scheduleId);
      if ("backupId" in command) return directory.backup(command.backupId).owner;
      if ("faultId" in command)
        return directory.targetOf({ ...command, accountId: trigger.accountId });
      if ("fault" in command) return subjectOfFault(command.fault);
      return ("of" in command ? command.of : undefined) ?? "";
    }
  }
}

/** What set a line off, in a few words. */
export function describeTrigger(line: JournalEntry): string {
  const { trigger } = line;
  switch (trigger.kind) {
    case "command":
      return trigger.command.type;
    case "tick":
      return "the hour of its backup";
    case "acknowledgement":
      return "acknowledgements";
    case "fault":
      return `${trigger.faultId} ${trigger.action === "activate" ? "activates" : "clears"}`;
    case "task":
      return `${trigger.task} ${failureOf(line) === undefined ? "is done" : "has failed"}`;
  }
}

/** The fault that work left on its owner, if the line ended that work badly. */
export function failureOf({ trigger, facts }: JournalEntry): string | undefined {
  for (const fact of facts) {
    if (
      fact.type !== "InstanceStateEntered" &&
      fact.type !== "GroupStateEntered" &&
      fact.type !== "BackupStateEntered"
    )
      continue;
    if (trigger.kind === "task" && fact.id === trigger.id && fact.lastError !== null)
      return fact.lastError.message;
  }
  return undefined;
}
