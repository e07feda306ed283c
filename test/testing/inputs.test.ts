import fc from "fast-check";
import { InvalidInputError } from "replication-simulator";
import {
  commandTypes,
  inputArbitrary,
  malformedInputArbitrary,
} from "replication-simulator/testing/fast-check";
import { describe, expect, test } from "vitest";
import { documentedLimits } from "../../src/model/limits.js";
import type { Field, Shape } from "../../src/model/schema/fields.js";
import { commandFields } from "../../src/service/commands/commandFields.js";
import { readCommand } from "../../src/service/commands/parseCommand.js";
import { isIdField } from "../../src/testing/fast-check/fieldArbitrary.js";
import { likelyStrings } from "../../src/testing/fast-check/likelyValues.js";

/*
 * The arbitraries are made from the schema that reads the inputs: what they call well-formed it takes, what they
 * call malformed it refuses.
 */

const tight = { maxVolumeGb: 3, maxNameLength: 8, minFullBackupRetention: 5 };

describe.each(commandTypes)("%s", (type) => {
  test("every well-formed input is read", () => {
    fc.assert(
      fc.property(inputArbitrary(type), (input) => {
        readCommand(type, input, documentedLimits);
      }),
    );
  });

  test("no malformed input is read", () => {
    fc.assert(
      fc.property(malformedInputArbitrary(type), (input) => {
        expect(() => readCommand(type, input, documentedLimits)).toThrow(InvalidInputError);
      }),
    );
  });

  test("every input is JSON, so that it can stand in a file", () => {
    const inputs = fc.oneof(inputArbitrary(type), malformedInputArbitrary(type));
    fc.assert(
      fc.property(inputs, (input) => {
        expect(JSON.parse(JSON.stringify(input))).toEqual(input);
      }),
    );
  });

  test("other limits make other inputs", () => {
    const limits = { ...documentedLimits, ...tight };
    fc.assert(
      fc.property(inputArbitrary(type, { limits: tight }), (input) => {
        readCommand(type, input, limits);
      }),
    );
    fc.assert(
      fc.property(malformedInputArbitrary(type, { limits: tight }), (input) => {
        expect(() => readCommand(type, input, limits)).toThrow(InvalidInputError);
      }),
    );
  });
});

test("the ids are the caller's choice", () => {
  const inputs = inputArbitrary("detachReplica", { ids: fc.constant("mine") });
  fc.assert(
    fc.property(inputs, ({ instanceId }) => {
      expect(instanceId).toBe("mine");
    }),
  );
});

test("malformed inputs break every rule of every field", () => {
  for (const type of commandTypes) {
    const received = new Set<string>();
    for (const input of fc.sample(malformedInputArbitrary(type), { numRuns: 2000, seed: 1 })) {
      for (const rule of rulesBroken(type, input)) received.add(rule);
    }
    expect([...received].sort(), type).toEqual([...rulesOf(commandFields[type])].sort());
  }
});

test("every text of a pattern has words that fit it", () => {
  for (const type of commandTypes) {
    for (const { key, field } of textsIn("input", commandFields[type])) {
      const { pattern } = field.shape as Extract<Shape, { kind: "text" }>;
      if (pattern === undefined) continue;
      const words = likelyStrings(field.rule, key);
      expect(words, `words for ${field.rule}`).toBeDefined();
      expect(words?.filter((word) => !pattern.test(word))).toEqual([]);
    }
  }
});

test("every id of the schema is one that drafts know how to point at", () => {
  const keys = commandTypes.flatMap((type) =>
    [...textsIn("input", commandFields[type])]
      .filter(({ field }) => isIdField(field.rule))
      .map(({ key }) => key),
  );
  expect([...new Set(keys)].sort()).toEqual([
    "backupId",
    "configurationId",
    "faultId",
    "groupId",
    "instanceId",
    "of",
    "ownerId",
    "parentId",
    "replicaId",
    "replicaOf",
    "restoreFrom",
    "scheduleId",
    "sourceId",
    "toInstanceId",
  ]);
});

function rulesBroken(type: (typeof commandTypes)[number], input: unknown): readonly string[] {
  try {
    readCommand(type, input, documentedLimits);
    return [];
  } catch (error) {
    return (error as InvalidInputError).issues.map(({ rule }) => rule);
  }
}

/** The rules of a field and of everything in it; the outermost record is always a record here. */
function rulesOf(field: Field<unknown>, isOutermost = true): Set<string> {
  const rules = new Set<string>(isOutermost ? ["known-field"] : [field.rule]);
  for (const { field: part } of partsIn(field)) {
    for (const rule of rulesOf(part, false)) rules.add(rule);
  }
  return rules;
}

function* textsIn(
  key: string,
  field: Field<unknown>,
): Generator<{ readonly key: string; readonly field: Field<unknown> }> {
  if (field.shape.kind === "text") yield { key, field };
  for (const part of partsIn(field)) yield* textsIn(part.key ?? key, part.field);
}

function partsIn({
  shape,
}: Field<unknown>): readonly { readonly key?: string; readonly field: Field<unknown> }[] {
  if (shape.kind === "list") return [{ field: shape.of }];
  if (shape.kind === "union") return Object.values(shape.of).flatMap(partsIn);
  if (shape.kind === "oneOf") return shape.of.map((field) => ({ field }));
  if (shape.kind !== "record") return [];
  const parts: [string, { readonly field: Field<unknown> }][] = Object.entries(shape.of);
  return parts.map(([key, { field }]) => ({ key, field }));
}
