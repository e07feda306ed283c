import type { JournalEntry } from "replication-simulator";

/** An instance as a listing shows it. */
export interface Listed {
  readonly id: string;
  readonly name: string;
  readonly status: string;
}

/** Outcome of a request: acknowledged, or unknown, since the server died before it answered. */
interface Creation {
  readonly name: string;
  id: string | undefined;
  /** Whether its deletion was asked for, and whether that was acknowledged. */
  deletion: "none" | "requested" | "acknowledged";
  /** Whether a response has reported that it is built. */
  isBuilt: boolean;
}

/**
 * The requests of a server's callers and the responses, across crashes. It checks a restarted server against them:
 * nothing reported is lost, and nothing exists that was never requested.
 */
export class Ledger {
  readonly #creations = new Map<string, Creation>();
  readonly #byId = new Map<string, Creation>();
  readonly #reported = new Map<number, string>();
  #clock = 0;
  acknowledged = 0;
  questions = 0;

  /** A creation that is asked for from now on. */
  createRequested(name: string): void {
    this.#creations.set(name, { name, id: undefined, deletion: "none", isBuilt: false });
  }

  created(name: string, id: string): void {
    const creation = this.#creations.get(name) as Creation;
    creation.id = id;
    this.#byId.set(id, creation);
    this.acknowledged++;
  }

  /** An instance that may be deleted, as far as was reported; undefined if none. */
  someId(choose: (count: number) => number): string | undefined {
    const left = [...this.#byId.values()].filter(({ deletion }) => deletion === "none");
    return left.length === 0 ? undefined : left[choose(left.length)]?.id;
  }

  deleteRequested(id: string): void {
    const creation = this.#byId.get(id) as Creation;
    creation.deletion = "requested";
  }

  /** The answer to a deletion: taken, or refused, so that nothing has happened. */
  deletionAnswered(id: string, isTaken: boolean): void {
    const creation = this.#byId.get(id) as Creation;
    creation.deletion = isTaken ? "acknowledged" : "none";
    if (isTaken) this.acknowledged++;
  }

  sawClock(now: number): void {
    this.#clock = Math.max(this.#clock, now);
    this.acknowledged++;
  }

  saw(listed: readonly Listed[]): void {
    this.questions++;
    for (const { name, status } of listed) {
      const creation = this.#creations.get(name);
      if (creation !== undefined && status !== "BUILD") creation.isBuilt = true;
    }
  }

  /** Adds a journal entry that an event stream has sent. */
  record(line: JournalEntry): void {
    this.#reported.set(line.seq, JSON.stringify(line));
  }

  /** Everything that a server which has come back does not have right. */
  complaints(listed: readonly Listed[], now: number): readonly string[] {
    const complaints: string[] = [];
    const there = new Map<string, Listed>();
    for (const each of listed) {
      const creation = this.#creations.get(each.name);
      if (creation === undefined) complaints.push(`${each.name} was never requested`);
      if (there.has(each.name)) complaints.push(`${each.name} is there twice`);
      there.set(each.name, each);
      if (creation?.id !== undefined && creation.id !== each.id) {
        complaints.push(`${each.name} was ${creation.id} and is ${each.id}`);
      }
      if (creation?.isBuilt === true && each.status === "BUILD") {
        complaints.push(`${each.name} was built and is not any more`);
      }
      if (creation?.deletion === "acknowledged" && !goingStatuses.has(each.status)) {
        complaints.push(`${each.name} was deleted and is ${each.status}`);
      }
    }
    for (const { name, id, deletion } of this.#creations.values()) {
      if (id !== undefined && deletion === "none" && !there.has(name)) {
        complaints.push(`${name} was created and is not there`);
      }
    }
    if (now < this.#clock) complaints.push(`it was ${this.#clock} and is ${now}`);
    return complaints;
  }

  /** Settles requests of unknown outcome by the present state: done, or not done. */
  settle(listed: readonly Listed[]): void {
    const there = new Map(listed.map((each) => [each.name, each]));
    for (const creation of this.#creations.values()) {
      const found = there.get(creation.name);
      if (creation.id === undefined) {
        if (found === undefined) this.#creations.delete(creation.name);
        else {
          creation.id = found.id;
          this.#byId.set(found.id, creation);
        }
      }
      if (creation.deletion === "requested") {
        const isGoing = found === undefined || goingStatuses.has(found.status);
        creation.deletion = isGoing ? "acknowledged" : "none";
      }
    }
  }

  /** What the whole journal of a file does not have right, at the end. */
  journalComplaints(lines: readonly JournalEntry[]): readonly string[] {
    const complaints: string[] = [];
    for (const [seq, entry] of this.#reported) {
      if (JSON.stringify(lines[seq]) !== entry)
        complaints.push(`line ${seq} was reported differently`);
    }
    const made = new Map<string, number>();
    for (const { trigger, seq } of lines) {
      if (lines[seq]?.trigger !== trigger) complaints.push(`line ${seq} is not in its place`);
      if (trigger.kind !== "command" || trigger.command.type !== "createInstance") continue;
      const name = trigger.command.name ?? "";
      made.set(name, (made.get(name) ?? 0) + 1);
    }
    for (const { name, id } of this.#creations.values()) {
      const times = made.get(name) ?? 0;
      // If nothing was reported, once or not at all.
      if (times > 1 || (times === 0 && id !== undefined)) {
        complaints.push(`${name} was made ${times} times`);
      }
      made.delete(name);
    }
    for (const name of made.keys()) complaints.push(`${name} was never requested`);
    return complaints;
  }

  /** Number of journal entries that event streams have sent. */
  get reported(): number {
    return this.#reported.size;
  }
}

const goingStatuses = new Set(["SHUTDOWN", "DELETION_PENDING", "DELETED"]);
