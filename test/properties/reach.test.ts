import fc from "fast-check";
import {
  type Fact,
  InvalidInputError,
  type ReplicationError,
  ReplicationSimulator,
} from "replication-simulator";
import { transitionTables } from "replication-simulator/lifecycle";
import { beforeAll, describe, expect, test } from "vitest";
import { documentedLimits } from "../../src/model/limits.js";
import type { Field } from "../../src/model/schema/fields.js";
import { commandFields } from "../../src/service/commands/commandFields.js";
import { ruleBook } from "../../src/service/commandTable.js";
import { factDescriptors, firstProblemOfFacts } from "../../src/service/facts.js";
import { runDrafts } from "../drafts/runDrafts.js";
import { draftsWithOutages as drafts, worlds } from "../scenarioGenerators.js";

/*
 * The properties are worth as much as their drafts reach. These tests run the same drafts: every refusal
 * must occur and every state must be visited. Unreachable ones are listed with the reason and must not be visited: a
 * change that makes one reachable removes it from the list.
 */

const received = new Set<string>();
const instanceStates = new Set<string>();
const groupStates = new Set<string>();
const backupStates = new Set<string>();
const facts = new Set<string>();
const malformed = new Set<string>();
const commands = new Set<string>();

beforeAll(() => {
  const reported = fc.sample(fc.tuple(worlds, drafts), { numRuns: 3_200, seed: 20_260_129 });
  for (const [options, draft] of reported) {
    const sim = new ReplicationSimulator(options);
    const visit = (fact: Fact): void => {
      facts.add(fact.type);
      if (fact.type === "InstanceCreated") instanceStates.add(fact.instance.state);
      if (fact.type === "GroupCreated") groupStates.add(fact.group.state);
      if (fact.type === "InstanceStateEntered") instanceStates.add(fact.state);
      if (fact.type === "GroupStateEntered") groupStates.add(fact.state);
      if (fact.type === "BackupCreated") backupStates.add(fact.backup.state);
      if (fact.type === "BackupStateEntered") backupStates.add(fact.state);
    };
    const listen = (world: ReplicationSimulator): void => {
      world.subscribe((line) => {
        line.facts.forEach(visit);
        const plain = JSON.parse(JSON.stringify(line.facts)) as unknown[];
        const problem = firstProblemOfFacts(plain, documentedLimits);
        if (problem !== undefined) malformed.add(JSON.stringify(problem));
      });
    };
    listen(sim);
    runDrafts(sim, draft, {
      onStep: ({ sim: before, next, result, command }) => {
        if (next !== before) listen(next);
        if (!result.ok) for (const rule of rulesOf(result.error)) received.add(rule);
        else if (command !== undefined) commands.add(command.type);
      },
    });
  }
}, 180_000);

describe("the scenarios of the properties", () => {
  test("reach every refusal of the rule book", () => {
    const rules = Object.values(ruleBook).flatMap((book) => book.map(({ id }) => id));
    expect(missing(rules, new Set([...received, ...Object.keys(laterRules)]))).toEqual([]);
    expect(Object.keys(laterRules).filter((rule) => received.has(rule))).toEqual([]);
  });

  test("reach every refusal of the input schema", () => {
    const rules = Object.values(commandFields).flatMap((field: Field<unknown>) => rulesIn(field));
    expect(missing([...rules, "known-field", "known-command"], received)).toEqual([]);
  });

  test("see every command accepted", () => {
    expect(missing(Object.keys(commandFields), commands)).toEqual([]);
  });

  test("visit every state of an instance but those that wait for later work", () => {
    expect([...instanceStates].sort()).toEqual(
      missing(transitionTables().instance.states, new Set(Object.keys(laterInstanceStates))),
    );
  });

  test("visit every state of a group but those that wait for later work", () => {
    expect([...groupStates].sort()).toEqual(
      missing(transitionTables().group.states, new Set(Object.keys(laterGroupStates))),
    );
  });

  test("visit every state of a backup", () => {
    expect([...backupStates].sort()).toEqual(
      missing(transitionTables().backup.states, new Set(Object.keys(laterBackupStates))),
    );
  });

  test("emit only facts that their descriptors parse", () => {
    expect([...malformed]).toEqual([]);
  });

  test("emit every kind of fact", () => {
    const kinds = Object.keys(factDescriptors);
    expect(kinds.length).toBeGreaterThan(40);
    expect(missing(kinds, new Set([...facts, ...Object.keys(seldomFacts)]))).toEqual([]);
  });
});

/** Rules that another one always comes before, each with the reason. */
const laterRules: Readonly<Record<string, string>> = {};

/** Facts that not every sample of drafts reports, each with the reason. */
const seldomFacts: Readonly<Record<string, string>> = {
  WorkRedrawn:
    "it is published before any subscriber exists: a fork with a seed of its own begins with it",
  SemiSynchronousDegraded: "it takes a group whose replicas stay silent for ten seconds under load",
  SemiSynchronousRestored: "it takes one that has degraded, and comes back",
};

const gone = "a row that is deleted is removed, so that no row is ever in this state";

/** States of an instance that today's commands and planned failures cannot reach, each with the reason. */
const laterInstanceStates: Readonly<Record<string, string>> = { deleted: gone };

/** The same for a group. */
const laterGroupStates: Readonly<Record<string, string>> = {
  requested: "a group is in it only before its first fact",
};

/** The same for a backup. */
const laterBackupStates: Readonly<Record<string, string>> = { deleted: gone };

function missing(wanted: readonly string[], found: ReadonlySet<string>): readonly string[] {
  return [...new Set(wanted)].filter((each) => !found.has(each)).sort();
}

function rulesOf(error: ReplicationError): readonly string[] {
  return error instanceof InvalidInputError ? error.issues.map(({ rule }) => rule) : [error.rule];
}

/** The rules of everything inside a field; the input as a whole is always a record here. */
function rulesIn({ shape }: Field<unknown>): readonly string[] {
  if (shape.kind === "list") return [shape.of.rule, ...rulesIn(shape.of)];
  if (shape.kind === "union") return Object.values(shape.of).flatMap(rulesIn);
  if (shape.kind === "oneOf") return shape.of.flatMap((one) => [one.rule, ...rulesIn(one)]);
  if (shape.kind !== "record") return [];
  const parts: { readonly field: Field<unknown> }[] = Object.values(shape.of);
  return parts.flatMap(({ field }) => [field.rule, ...rulesIn(field)]);
}
