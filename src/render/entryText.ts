import type { JournalEntry } from "../kernel/journal.js";
import type { Fact } from "../model/facts.js";
import { plain, shortName } from "../outline/escape.js";
import { describeFact, statusChange } from "./describeFact.js";
import { subjectOfFault } from "./describeFault.js";
import type { Directory } from "./directory.js";

/** The effect of one journal entry on one instance or group. */
export interface Effect {
  /** Id of the instance or group; empty if the entry affects none. */
  readonly subjectId: string;
  /** `BUILD → ACTIVE`; empty if the status did not change. */
  readonly status: string;
  readonly what: readonly string[];
}

/** Returns the effects of an entry, its subject first. Add the facts to the directory first. */
export function effectsOf(line: JournalEntry, directory: Directory): readonly Effect[] {
  const bySubject = new Map<string, { status: string; what: string[] }>();
  const on = (subjectId: string) => {
    const effect = bySubject.get(subjectId) ?? { status: "", what: [] };
    bySubject.set(subjectId, effect);
    return effect;
  };
  on(subjectOf(line, directory)).what.push(describeTrigger(line));
  for (const fact of line.facts) {
    const status = statusChange(fact, directory);
    if (status !== undefined)
      on(status.subjectId).status = following(on(status.subjectId).status, status.words);
    const text = describeFact(fact, directory);
    if (text !== undefined) on(text.subjectId).what.push(text.words);
  }
  return [...bySubject].map(([subjectId, effect]) => ({ subjectId, ...effect }));
}

/** The effect of an entry on one instance or group, safe to print: no control or bidirectional characters. */
export interface EntryText {
  /** Id of the instance or group; empty if the entry affects none. */
  readonly subjectId: string;
  readonly name: string;
  /** `BUILD → ACTIVE`; empty if the status did not change. */
  readonly status: string;
  readonly text: string;
}

/** Describes an entry, its subject first, with the current names of the directory. */
export function entryText(entry: JournalEntry, directory: Directory): readonly EntryText[] {
  return effectsOf(entry, directory).map(({ subjectId, status, what }, at) => ({
    subjectId,
    name: shortName(directory.nameOf(subjectId)),
    status,
    text: plain(at === 0 ? sentence(what) : what.join("; ")),
  }));
}

/** `build has failed: no host has room`. */
function sentence([first = "", ...rest]: readonly string[]): string {
  return rest.length === 0 ? first : `${first}: ${rest.join("; ")}`;
}

/** Whether an entry affects only a hidden backup. */
export function isHidden({ trigger, facts }: JournalEntry, directory: Directory): boolean {
  if (trigger.kind !== "task" || trigger.entity !== "backup") return false;
  return directory.backup(trigger.id).isHidden && facts.every(({ type }) => backupFacts.has(type));
}

const backupFacts: ReadonlySet<Fact["type"]> = new Set([
  "BackupStateEntered",
  "BackupEnded",
  "BackupRemoved",
]);

/** Returns the last status change of an entry. A removal starts from the status that the same entry has set. */
function following(before: string, change: string): string {
  return change.endsWith("→ gone") && before !== ""
    ? `${before.replace(/^.*→ /, "")} → gone`
    : change;
}

/** Returns the id of the instance or group that an entry is about. */
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

/** Describes the trigger of an entry in a few words. */
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
      return trigger.action === "activate" ? "a fault activates" : "a fault ends";
    case "task":
      return `${trigger.task} ${failureOf(line) === undefined ? "is done" : "has failed"}`;
  }
}

/** Returns the error of a task that the entry ended with a failure, or undefined. */
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
