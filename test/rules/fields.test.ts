import {
  type Command,
  type CommandType,
  type InputIssue,
  InvalidInputError,
  ReplicationSimulator,
} from "replication-simulator";
import { describe, expect, test } from "vitest";
import type { Field } from "../../src/model/schema/fields.js";
import { commandFields } from "../../src/service/commands/commandFields.js";
import { type FieldSpec, fieldSpecs, full } from "./fields.js";

/*
 * What each field of each command may hold. `fields.ts` is the specification; nothing is looked at but the shape
 * of the input, so that an empty world serves for all.
 */

const sim = new ReplicationSimulator();

/** What is wrong with the shape of a command, or undefined when rules may look at it. */
function malformed(type: CommandType, input: unknown): InvalidInputError | undefined {
  return sim
    .check({ type, ...(input as object) } as Command)
    .find((error) => error instanceof InvalidInputError);
}

/** The same input with another value at a path; `[]` is the first item. */
function withValue(input: unknown, path: readonly string[], value: unknown): unknown {
  const [head, ...rest] = path;
  if (head === undefined) return value;
  if (head === "[]") {
    const [first, ...others] = input as readonly unknown[];
    return [withValue(first, rest, value), ...others];
  }
  const record = input as Readonly<Record<string, unknown>>;
  return { ...record, [head]: withValue(record[head], rest, value) };
}

/** `createInstance.users[].name` → the command, the steps to the field, and how an error names it. */
function located(field: string): {
  readonly type: CommandType;
  readonly steps: readonly string[];
  readonly name: string;
} {
  const [type = "", ...rest] = field.split(".");
  const path = rest.join(".");
  const steps = path.split(".").flatMap((step) => step.split(/(?=\[\])/));
  return { type: type as CommandType, steps, name: path.replaceAll("[]", "[0]") };
}

describe.each(fieldSpecs.flatMap((spec) => spec.fields.map((field) => [field, spec] as const)))(
  "%s",
  (field, spec: FieldSpec) => {
    const { type, steps, name } = located(field);
    const check = (value: unknown) => malformed(type, withValue(full[type], steps, value));

    test(`accepts what is ${spec.expected}`, () => {
      for (const value of spec.accepts) expect(check(value)?.message).toBeUndefined();
    });

    test("refuses anything else, naming the field, the value and what it must be", () => {
      for (const [value, shown] of spec.refuses) {
        const error = check(value);
        const message = `${name} must be ${spec.expected}; got ${shown}`;
        expect([value, error?.message]).toEqual([value, message]);
        const isSecret = spec.rule === "user-password" && typeof value === "string";
        const received = isSecret ? "********" : value;
        expect({ ...error, message: error?.message }).toEqual({
          name: "InvalidInputError",
          code: "badRequest",
          rule: spec.rule,
          field: name,
          value: received,
          allowed: spec.expected,
          issues: [{ field: name, value: received, expected: spec.expected, rule: spec.rule }],
          message,
        });
      }
    });

    test(spec.required ? "must be there" : "may be left out", () => {
      const error = check(undefined);
      expect(error?.message).toBe(
        spec.required ? `${name} is required: ${spec.expected}` : undefined,
      );
      expect(error?.issues.map((issue) => issue.rule)).toEqual(
        spec.required ? [spec.rule] : undefined,
      );
    });

    test("never lets anything but a refusal out, whatever it holds", () => {
      const hostile: readonly unknown[] = [
        Symbol("hostile"),
        () => "hostile",
        Object.create(null),
        new Map(),
        new Proxy(
          {},
          {
            get: () => {
              throw new RangeError("hostile");
            },
          },
        ),
        JSON.parse('{"__proto__": {"name": "x"}}'),
        "x".repeat(100_000),
        Number.MIN_SAFE_INTEGER,
        [[[]]],
      ];
      for (const value of hostile) expect(() => check(value)).not.toThrow();
    });
  },
);

/** Every path of a schema, down to the leaves. */
function pathsOf(field: Field<unknown>, path: string): readonly string[] {
  const { shape } = field;
  if (shape.kind === "list") return [path, ...pathsOf(shape.of, `${path}[]`)];
  if (shape.kind !== "record") return [path];
  const parts = Object.entries(
    shape.of as Readonly<Record<string, { readonly field: Field<unknown> }>>,
  ).flatMap(([key, part]) => pathsOf(part.field, path === "" ? key : `${path}.${key}`));
  return path === "" ? parts : [path, ...parts];
}

test("no field of any command goes unspecified", () => {
  const written = Object.entries(commandFields as Readonly<Record<string, Field<unknown>>>).flatMap(
    ([command, field]) => pathsOf(field, "").map((path) => `${command}.${path}`),
  );
  const specified = fieldSpecs.flatMap((spec) => spec.fields);
  expect([...specified].sort()).toEqual([...written].sort());
});

test("every field has a source in the documents", () => {
  const walk = (field: Field<unknown>): void => {
    expect(field.source).toMatch(/^(?:[A-Z]\d+|§\d+)/);
    if (field.shape.kind === "list") walk(field.shape.of);
    if (field.shape.kind === "record") {
      for (const part of Object.values(
        field.shape.of as Readonly<Record<string, { field: Field<unknown> }>>,
      )) {
        walk(part.field);
      }
    }
  };
  for (const field of Object.values(commandFields as Readonly<Record<string, Field<unknown>>>))
    walk(field);
});

describe("the input as a whole", () => {
  const commands = Object.keys(full) as CommandType[];

  test.each(commands)("%s: everything at once is well-formed", (type) => {
    expect(malformed(type, full[type])).toBeUndefined();
  });

  test.each(commands)("%s refuses an unknown field, and lists the known ones", (type) => {
    const error = malformed(type, { ...full[type], volumGb: 1 });
    const known = Object.keys(full[type]).length;
    expect(error?.rule).toBe("known-field");
    expect(error?.field).toBe("volumGb");
    expect(error?.value).toBe("volumGb");
    expect(String(error?.allowed).split(", ")).toHaveLength(known);
    expect(error?.message).toBe(`volumGb is not known here; it must be ${String(error?.allowed)}`);
  });

  test("a misspelled field inside a list is named with its place", () => {
    const error = malformed("createInstance", {
      ...full.createInstance,
      databases: [{ name: "a" }, { name: "b", charset: "utf8" }],
    });
    expect(error?.message).toBe(
      "databases[1].charset is not known here; it must be one of name, characterSet, collate",
    );
  });

  test("an unknown field without a value is no field", () => {
    expect(malformed("restartInstance", { instanceId: "a", force: undefined })).toBeUndefined();
  });

  test("all problems of all fields are reported at once, in the order of the fields", () => {
    const error = malformed("createInstance", {
      name: "",
      flavorId: null,
      databases: [{ name: "mysql" }, 7, { name: "ok", collate: 0 }],
      users: [{ name: "root" }],
      sise: 5,
    });
    expect(error?.issues.map((issue: InputIssue) => [issue.field, issue.rule])).toEqual([
      ["name", "name-length"],
      ["flavorId", "flavor-id"],
      ["volumeGb", "volume-size"],
      ["databases[0].name", "database-name"],
      ["databases[1]", "databases-shape"],
      ["databases[2].collate", "databases-shape"],
      ["users[0].name", "user-name"],
      ["users[0].password", "user-password"],
      ["sise", "known-field"],
    ]);
    expect(error?.field).toBe("name");
    expect(error?.rule).toBe("name-length");
    expect(error?.message.split("; ")).toContain(
      "volumeGb is required: an integer of gigabytes from 1 to 300",
    );
  });

  test.each([
    [
      "a text",
      "createInstance",
      'must be an object with a type and the fields of its command; got "createInstance"',
    ],
    ["nothing", undefined, "is required: an object with a type and the fields of its command"],
    ["null", null, "must be an object with a type and the fields of its command; got null"],
    [
      "a list: one command for each request",
      [{ type: "failTask", task: "build" }],
      "must be an object with a type and the fields of its command; got an array of 1",
    ],
  ])("%s is not a command", (_, value, message) => {
    const [error] = sim.check(value as never);
    expect(error?.rule).toBe("known-command");
    expect(error?.field).toBe("command");
    expect(error?.message).toBe(`command ${message}`);
  });

  test.each([
    ["of no type", {}, /^type is required: one of createInstance, renameInstance, /],
    ["of an unknown type", { type: "promote" }, /^type must be one of create.*; got "promote"$/],
    ["of a type that every object has", { type: "toString" }, /^type must be .*; got "toString"$/],
    ["of a type that is no text", { type: 7 }, /^type must be one of .*; got 7$/],
    ["whose type cannot be read", unreadable(), /^type is required: one of /],
  ])("an object %s is not a command", (_, value, message) => {
    const [error] = sim.check(value as never);
    expect(error?.rule).toBe("known-command");
    expect(error?.field).toBe("type");
    expect(error?.message).toMatch(message);
  });

  test("a command whose fields cannot be read is refused like a malformed one", () => {
    const trap = {
      get instanceId(): string {
        throw new RangeError("hostile");
      },
    };
    const message = 'input must be plain data; got "unreadable"';
    const requested = Object.defineProperty(trap, "type", {
      value: "restartInstance",
      enumerable: true,
    }) as unknown as Command;
    expect(sim.check(requested).map((error) => error.message)).toEqual([message]);
    for (const action of [
      () => sim.detachReplica("instance-0", trap as never),
      () => sim.convertToHa("instance-0", trap as never),
      () => sim.updateSchedule("schedule-0", trap as never),
      () => sim.createReplica(trap as never),
    ]) {
      expect(caught(action).message.endsWith(message)).toBe(true);
    }
  });

  test.each([
    ["a text", "orders"],
    ["null", null],
    ["a list", [full.createInstance]],
    ["nothing", undefined],
  ])("%s is not an input", (_, input) => {
    const error = caught(() => sim.createInstance(input as never));
    expect(error.rule).toBe("input-shape");
    expect(error.field).toBe("input");
    expect(String(error.allowed)).toBe(
      "an object with name, flavorId, volumeGb, datastore, configurationId, databases, users, restoreFrom, label, zone, rack",
    );
  });

  test("an input that cannot be read is refused like a malformed one", () => {
    const error = caught(() => sim.createInstance(unreadable() as never));
    expect(error.message).toBe('input must be plain data; got "unreadable"');
    expect(error.rule).toBe("input-shape");
  });
});

describe("limits of a simulator's own change what its fields accept", () => {
  test("and what its errors say", () => {
    const strict = new ReplicationSimulator({
      limits: { maxVolumeGb: 5, maxNameLength: 3, minFullBackupRetention: 4 },
    });
    const [error] = strict.check({
      type: "createInstance",
      name: "four",
      flavorId: "2",
      volumeGb: 6,
    });
    expect(error?.message).toBe(
      'name must be a string of 1 to 3 characters; got "four"; volumeGb must be an integer of gigabytes from 1 to 5; got 6',
    );
    expect(
      strict.check({ type: "createInstance", name: "two", flavorId: "2", volumeGb: 5 }),
    ).toEqual([]);
    expect(
      strict.check({ type: "updateSchedule", scheduleId: "a", fullBackupRetention: 3 })[0]?.message,
    ).toBe("fullBackupRetention must be an integer of full backups from 4 to 1000; got 3");
  });
});

function unreadable(): object {
  return new Proxy(
    {},
    {
      get: () => {
        throw new RangeError("hostile");
      },
    },
  );
}

function caught(action: () => unknown): InvalidInputError {
  try {
    action();
  } catch (error) {
    if (error instanceof InvalidInputError) return error;
    throw error;
  }
  throw new RangeError("nothing was refused");
}

test("what a field must be is said with the limits of the simulator at hand", () => {
  const sim = new ReplicationSimulator({
    limits: { maxDatabaseNameLength: 4, maxUserNameLength: 3, maxVolumeGb: 2 },
  });
  const issues = sim.check({
    type: "createInstance",
    flavorId: "2",
    volumeGb: 3,
    databases: [{ name: "orders" }],
    users: [{ name: "reader", password: "secret" }],
  });
  expect(issues.map(({ message }) => message).join()).toMatch(
    /from 1 to 2; .*at most 4 characters.*at most 3 characters/,
  );
});
