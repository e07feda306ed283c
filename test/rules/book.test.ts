import { readdirSync, readFileSync } from "node:fs";
import {
  type Command,
  type CommandType,
  type ErrorCode,
  InvalidStatusError,
  NotFoundError,
  ReplicationError,
  RuleViolationError,
} from "replication-simulator";
import { describe, expect, test } from "vitest";
import { ruleBook } from "../../src/service/commandTable.js";
import type { Rule } from "../../src/service/shared/rule.js";
import { topologyOf } from "../../src/simulator/clientKernel.js";
import { createBackup, deleteBackup } from "./book/backups.js";
import {
  attachConfiguration,
  attachGroupConfiguration,
  createConfiguration,
  deleteConfiguration,
  detachConfiguration,
  detachGroupConfiguration,
  updateConfiguration,
} from "./book/configurations.js";
import { convertToHa } from "./book/convertToHa.js";
import { createInstance } from "./book/createInstance.js";
import { createReplica } from "./book/createReplica.js";
import { createDatabases, createUsers, deleteDatabase, deleteUser } from "./book/databases.js";
import { detachReplica } from "./book/detachReplica.js";
import {
  disableFailover,
  enableFailover,
  forceFailover,
  repairGroup,
  updateProxyNodes,
} from "./book/failover.js";
import { clearFault, failTask, injectFault } from "./book/faults.js";
import { addAcl, deleteAcl } from "./book/groups.js";
import {
  addReplica,
  createHaGroup,
  deleteHaGroup,
  removeReplica,
  resizeGroupFlavor,
  resizeGroupVolumes,
  restartGroup,
} from "./book/haGroups.js";
import {
  deleteInstance,
  moveClients,
  renameInstance,
  resizeFlavor,
  resizeVolume,
  restartInstance,
  setDataSize,
  setWorkload,
} from "./book/instances.js";
import { promoteReplica } from "./book/promoteReplica.js";
import { createSchedule, deleteSchedule, updateSchedule } from "./book/schedules.js";
import { lone, small } from "./fixtures.js";
import type { CommandSpec } from "./spec.js";

/*
 * The rule book, rule by rule, as a specification: the files of `book/` say for each command which rules it meets,
 * in which order, what each refuses with which words, and what it lets pass on the other side of its boundary.
 */

const specs = [
  createInstance,
  createReplica,
  renameInstance,
  restartInstance,
  resizeFlavor,
  resizeVolume,
  deleteInstance,
  detachReplica,
  promoteReplica,
  convertToHa,
  createHaGroup,
  deleteHaGroup,
  addReplica,
  removeReplica,
  restartGroup,
  resizeGroupFlavor,
  resizeGroupVolumes,
  attachGroupConfiguration,
  detachGroupConfiguration,
  forceFailover,
  disableFailover,
  enableFailover,
  updateProxyNodes,
  repairGroup,
  addAcl,
  deleteAcl,
  createSchedule,
  updateSchedule,
  deleteSchedule,
  createBackup,
  deleteBackup,
  createConfiguration,
  updateConfiguration,
  deleteConfiguration,
  attachConfiguration,
  detachConfiguration,
  createDatabases,
  deleteDatabase,
  createUsers,
  deleteUser,
  setDataSize,
  setWorkload,
  moveClients,
  failTask,
  injectFault,
  clearFault,
] as unknown as readonly CommandSpec[];
const book = ruleBook as unknown as Readonly<Record<string, readonly Rule<Command>[]>>;

/** Which error a caller catches, by the API's name for what went wrong. */
const classOf: Partial<Record<ErrorCode, typeof ReplicationError>> = {
  badRequest: RuleViolationError,
  forbidden: RuleViolationError,
  overLimit: RuleViolationError,
  itemNotFound: NotFoundError,
  unprocessableEntity: InvalidStatusError,
};

function refusal(action: () => unknown): ReplicationError {
  try {
    action();
  } catch (error) {
    if (error instanceof ReplicationError) return error;
    throw error;
  }
  throw new RangeError("nothing was refused");
}

for (const { command, rules } of specs) {
  describe(command, () => {
    for (const [rule, { code, refuses, passes }] of Object.entries(rules)) {
      test.each(refuses)(`${rule} refuses when $when`, (given) => {
        const sim = given.world();
        const requested = { type: command, ...given.input } as Command;
        const before = topologyOf(sim);
        const written = sim.journal().lines.length;
        const foreseen = sim.check(requested).find((error) => error.rule === rule);

        const error = refusal(() => sim.execute(requested));

        expect({ ...error, name: error.name, message: error.message }).toEqual({
          name: classOf[code]?.name,
          code,
          rule,
          field: given.field,
          value: given.value,
          allowed: given.allowed,
          message: given.message,
        });
        expect(error).toBeInstanceOf(classOf[code]);
        expect(foreseen).toEqual(error);
        // Refused means untouched.
        expect(sim.topology).toBe(before);
        expect(sim.journal().lines).toHaveLength(written);
      });

      test.each(passes)(`${rule} lets pass when $when`, (given) => {
        const sim = given.world();
        const requested = { type: command, ...given.input } as Command;
        expect(sim.check(requested)).toEqual([]);
        expect(() => sim.execute(requested)).not.toThrow();
      });
    }
  });
}

describe("no rule goes unspecified", () => {
  test("for any command, in the order in which they are checked", () => {
    const specified = Object.fromEntries(
      specs.map(({ command, rules }) => [command, Object.keys(rules)]),
    );
    const written = Object.fromEntries(
      Object.entries(book).map(([command, rules]) => [command, rules.map((rule) => rule.id)]),
    );
    expect(specified).toEqual(written);
  });

  test.each(specs)(
    "$command: each has a case that it refuses and one that it lets pass",
    (spec) => {
      for (const [rule, { refuses, passes }] of Object.entries(spec.rules)) {
        expect([rule, refuses.length > 0, passes.length > 0]).toEqual([rule, true, true]);
      }
    },
  );

  test.each(specs)(
    "$command: each says what it demands, in one sentence, with a source",
    (spec) => {
      for (const rule of book[spec.command] ?? []) {
        expect(rule.code).toBe(spec.rules[rule.id]?.code);
        expect(rule.description).toMatch(/^[A-Z].*[A-Za-z0-9)]\.$/);
        expect(rule.source).toMatch(/\[(?:api|docs|howto|hist|client|trove|mha|inferred)\]$/);
      }
    },
  );

  // What is missing, what is forbidden or malformed, what is not now, what is full (§5).
  const ranks: Partial<Record<ErrorCode, number>> = {
    itemNotFound: 0,
    forbidden: 1,
    badRequest: 1,
    unprocessableEntity: 2,
    overLimit: 3,
  };
  test.each(specs)("$command: the worse is checked first", ({ command, rules }) => {
    const faults = Object.values(rules).map((rule) => ranks[rule.code] ?? Number.NaN);
    // An ACL that is not there is missing as well, but only after its group was found.
    expect([command, faults]).toEqual([command, [...faults].sort((a, b) => a - b)]);
  });
});

describe("a command that several rules refuse", () => {
  const requested: Command = {
    type: "createReplica",
    flavorId: "1",
    volumeGb: 1,
    replicaOf: "instance-0",
    datastore: { version: "5.7" },
    databases: [{ name: "shop" }],
  };
  const world = () => {
    const sim = lone();
    sim.createReplica({ ...small, replicaOf: "instance-0" });
    return sim;
  };

  test("is refused by the first of them in the order of the book", () => {
    expect(refusal(() => world().execute(requested)).rule).toBe("no-databases-on-replica");
  });

  test("returns all of them, in that order, when it is only checked", () => {
    const sim = world();
    expect(sim.check(requested).map((error) => error.rule)).toEqual([
      "no-databases-on-replica",
      "replication-flavor",
      "replica-datastore",
      "source-status",
    ]);
  });
});

/** The rule ids that the docstring of each method names. */
function documentedRules(): ReadonlyMap<string, readonly string[]> {
  const folder = new URL("../../src/simulator/methods/", import.meta.url);
  const documented = new Map<string, readonly string[]>();
  for (const file of readdirSync(folder)) {
    const code = readFileSync(new URL(file, folder), "utf8");
    for (const [, comment = "", method = ""] of code.matchAll(
      /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*(\w+)\(/g,
    )) {
      const thrown = comment.split("@throws").slice(1).join(" ");
      documented.set(
        method,
        [...thrown.matchAll(/`([a-z-]+)`/g)].map(([, id = ""]) => id),
      );
    }
  }
  return documented;
}

describe("the docstring of every method names exactly the rules that can refuse it", () => {
  const documented = documentedRules();
  test.each(Object.keys(book) as CommandType[])("%s", (command) => {
    const ids = (book[command] ?? []).map((rule) => rule.id);
    const method = command === "injectFault" ? "inject" : command;
    expect([...(documented.get(method) ?? [])].sort()).toEqual([...ids].sort());
  });
});
