import { describe, expect, test } from "vitest";
import {
  faultTrigger,
  type JournalEntry,
  JournalLog,
  journalEntry,
} from "../../src/kernel/journal.js";
import type { InjectedFault } from "../../src/service/faults/fault.model.js";

const trigger = { kind: "tick", scheduleId: "s" } as const;

/** Returns an entry that names the log that wrote it. */
function entry(seq: number, writer: string): JournalEntry {
  return { seq, at: seq, trigger: { kind: "tick", scheduleId: writer }, cause: null, facts: [] };
}

/** Appends entries up to a number, that one excluded. */
function appendUntil(log: JournalLog, end: number, writer: string): JournalLog {
  while (log.end < end) log.append(entry(log.end, writer));
  return log;
}

/** Returns which log wrote each entry, by its number. */
function writers(entries: readonly (JournalEntry | undefined)[]): readonly string[] {
  return entries.map((one) =>
    one?.trigger.kind === "tick" ? `${String(one.seq)} ${one.trigger.scheduleId}` : "none",
  );
}

/** Looks up entries one by one, in this order. */
function looked(log: JournalLog, ...numbers: readonly number[]): readonly string[] {
  return writers(numbers.map((seq) => log.line(seq)));
}

/** A log of 0 to 3, its fork of 4 and 5, and that one's fork of 6 and 7; each origin has gone on without it. */
function generations(): { a: JournalLog; b: JournalLog; c: JournalLog } {
  const a = appendUntil(JournalLog.startingAt(0), 4, "a");
  const b = appendUntil(a.fork(), 6, "b");
  const c = appendUntil(b.fork(), 8, "c");
  appendUntil(a, 9, "a");
  appendUntil(b, 9, "b");
  return { a, b, c };
}

const whole = ["0 a", "1 a", "2 a", "3 a", "4 b", "5 b", "6 c", "7 c"];

describe("a fork of a fork", () => {
  test.each([
    [undefined, whole],
    [0, whole],
    [3, whole.slice(3)],
    [4, whole.slice(4)],
    [5, whole.slice(5)],
    [6, whole.slice(6)],
    [7, whole.slice(7)],
    [8, []],
    [20, []],
  ])("lists the entries from %s on, those of its past included", (from, expected) => {
    expect(writers(generations().c.lines(from))).toEqual(expected);
  });

  test.each([
    ["forwards", [0, 1, 2, 3, 4, 5, 6, 7]],
    ["backwards", [7, 6, 5, 4, 3, 2, 1, 0]],
    ["from an old one to newer ones", [0, 4, 7, 3, 6, 2, 5, 1]],
  ])("finds each entry %s", (_, order) => {
    expect(looked(generations().c, ...order)).toEqual(order.map((seq) => whole[seq]));
  });

  test("does not find entries that its origins appended later", () => {
    const { a, b, c } = generations();
    expect(looked(c, 8, 0, 8, 9)).toEqual(["none", "0 a", "none", "none"]);
    expect(looked(b, 6, 8)).toEqual(["6 b", "8 b"]);
    expect(looked(a, 4, 8)).toEqual(["4 a", "8 a"]);
  });

  test("hands out frozen entries", () => {
    const { c } = generations();
    expect(Object.isFrozen(c.line(0)?.trigger)).toBe(true);
    expect(c.lines().every((one) => Object.isFrozen(one.trigger))).toBe(true);
  });
});

test("a fork without entries of its own has the past of its origin", () => {
  const { c } = generations();
  const fork = c.fork().fork();
  expect(writers(fork.lines())).toEqual(whole);
  expect(fork.end).toBe(8);
});

describe("a branch under other options", () => {
  test("begins its journal there, and still finds what led to it", () => {
    const { c } = generations();
    const branch = appendUntil(c.branch(8), 10, "d");
    expect(branch.firstSeq).toBe(8);
    expect(writers(branch.lines())).toEqual(["8 d", "9 d"]);
    expect(looked(branch, 9, 0, 7, 8)).toEqual(["9 d", "0 a", "7 c", "8 d"]);
  });

  test("finds nothing that its origin did after it, nor before the journal of the first", () => {
    // Without a journal entries have numbers that the log does not reach.
    const origin = appendUntil(JournalLog.startingAt(2), 4, "a");
    const branch = origin.branch(8);
    appendUntil(origin, 9, "a");
    expect(looked(branch, 1, 2, 3, 4, 5, 7, 8)).toEqual([
      "none",
      "2 a",
      "3 a",
      "none",
      "none",
      "none",
      "none",
    ]);
  });
});

describe("two logs part at the first entry that they do not share", () => {
  test("a fork and its origin, whichever comes first", () => {
    const { a, b, c } = generations();
    expect(JournalLog.parting(a, b)).toBe(4);
    expect(JournalLog.parting(c, a)).toBe(4);
    expect(JournalLog.parting(b, c)).toBe(6);
    expect(JournalLog.parting(a, a.fork())).toBe(9);
  });

  test("unrelated logs never", () => {
    expect(JournalLog.parting(JournalLog.startingAt(0), JournalLog.startingAt(0))).toBeUndefined();
  });

  test.each([
    [3, undefined],
    [4, 4],
    [5, 4],
  ])("a fork that was rolled back to entry %i parts from its origin at %s", (seq, parting) => {
    const { a, b } = generations();
    const back = appendUntil(b.until(seq), 9, "d");
    expect(JournalLog.parting(a, back)).toBe(parting);
  });
});

describe("a rolled back log", () => {
  test.each([0, 3, 4, 5, 6, 8])("has the entries before %i, and goes on from there", (seq) => {
    const back = generations().c.until(seq);
    expect(writers(back.lines())).toEqual(whole.slice(0, seq));
    expect(writers(appendUntil(back, seq + 1, "d").lines(seq))).toEqual([`${String(seq)} d`]);
  });

  test("counts from its first entry, not from 0", () => {
    const log = appendUntil(JournalLog.startingAt(5), 9, "a");
    expect(writers(log.until(7).lines())).toEqual(["5 a", "6 a"]);
  });
});

test("a truncated log has the entries from a number on, and is still the same log", () => {
  const { b } = generations();
  const rest = b.from(5);
  expect(writers(rest.lines())).toEqual(["5 b", "6 b", "7 b", "8 b"]);
  expect(rest.firstSeq).toBe(5);
  expect(looked(rest, 4, 5)).toEqual(["none", "5 b"]);
  expect(JournalLog.parting(b, rest)).toBe(9);
});

describe("an entry lists its contributing causes", () => {
  test.each([
    ["none", [], {}],
    ["others than its cause", [2, 7, 4], { contributingCauses: [2, 4] }],
    ["no others", [7], {}],
  ])("%s", (_, also, expected) => {
    const found = journalEntry({ seq: 9, now: 60, also, facts: [] }, { trigger, cause: 7 });
    expect(found).toStrictEqual({ seq: 9, at: 60, trigger, cause: 7, facts: [], ...expected });
  });
});

describe("a due fault", () => {
  test.each([
    ["scheduled", 10, 10, "activate"],
    ["scheduled", 10, 20, "activate"],
    ["active", 20, 20, "clear"],
    ["recurring", 20, 30, "activate"],
    ["recurring", 30, 30, "clear"],
  ] as const)("that is %s, is due at %i and ends at %i", (phase, dueAt, endsAt, action) => {
    const fault = { id: "f", accountId: "1234", phase, dueAt, endsAt } as InjectedFault;
    expect(faultTrigger(fault)).toEqual({
      kind: "fault",
      accountId: "1234",
      faultId: "f",
      action,
    });
  });
});
