import { readdirSync, readFileSync } from "node:fs";
import type { ErrorCode } from "replication-simulator";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { ruleBook } from "../../src/service/commandTable.js";

/*
 * What a method's docstring says that it throws is what the rule book can refuse its command with: each rule by its id,
 * under the class that a caller catches, and nothing else.
 */

const folder = new URL("../../src/simulator/methods/", import.meta.url);

test("the hover texts of methods have no marks of the specification in them (S28)", () => {
  const files = [
    ...readdirSync(folder).map((file) => new URL(file, folder)),
    new URL("../../src/simulator.ts", import.meta.url),
  ];
  const marked = files.flatMap((file) =>
    readFileSync(file, "utf8")
      .split("\n")
      .filter((line) => /^\s*\/?\*/.test(line) && /(?:\b[TCRHQS]\d+\b|§)/.test(line)),
  );
  expect(marked).toEqual([]);
});

/** A method that is one command: the command, and what its docstring says. */
interface Method {
  readonly name: string;
  readonly command: string;
  /** Rules by the class of their refusals; a class without rules has an empty list. */
  readonly throws: Readonly<Record<string, readonly string[]>>;
}

const methods: readonly Method[] = readdirSync(folder).flatMap((file) => {
  const code = readFileSync(new URL(file, folder), "utf8");
  const source = ts.createSourceFile(file, code, ts.ScriptTarget.ES2022, true);
  const commands = new Map<string, string>();
  const throws = new Map<string, Method["throws"]>();
  const visit = (node: ts.Node): void => {
    // The interface says what a method throws, the part of the same name which command it executes.
    if (ts.isMethodSignature(node)) throws.set(node.name.getText(), throwsOf(node));
    const isPart = ts.isPropertyAssignment(node) || ts.isFunctionDeclaration(node);
    const command = isPart ? /client\.run\("(\w+)"/.exec(node.getText())?.[1] : undefined;
    if (isPart && command !== undefined) commands.set(node.name?.getText() ?? "", command);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return [...commands].map(([name, command]) => ({
    name,
    command,
    throws: throws.get(name) ?? {},
  }));
});

function throwsOf(node: ts.Node): Method["throws"] {
  const throws: Record<string, string[]> = {};
  for (const tag of ts.getJSDocTags(node).filter(({ tagName }) => tagName.text === "throws")) {
    const text = ts.getTextOfJSDocComment(tag.comment) ?? "";
    const [, name = "", rest = ""] = /^\s*(\w+)([\s\S]*)$/.exec(text) ?? [];
    throws[name] = [...rest.matchAll(/`([\w-]+)`/g)].map(([, id = ""]) => id).sort();
  }
  return throws;
}

const classOf: Partial<Record<ErrorCode, string>> = {
  itemNotFound: "NotFoundError",
  unprocessableEntity: "InvalidStatusError",
};

/** The rules of a command by the class of their refusals. */
function refusalsOf(command: string): Method["throws"] {
  const throws: Record<string, string[]> = { InvalidInputError: [] };
  for (const { id, code } of ruleBook[command as keyof typeof ruleBook]) {
    (throws[classOf[code] ?? "RuleViolationError"] ??= []).push(id);
  }
  for (const ids of Object.values(throws)) ids.sort();
  return throws;
}

describe("the docstring of a method names what it throws", () => {
  test.each(methods.map((method) => [method.name, method] as const))(
    "%s",
    (_, { command, throws }) => {
      expect(throws).toEqual(refusalsOf(command));
    },
  );

  test("and every command has a method", () => {
    expect(methods.map(({ command }) => command).sort()).toEqual(Object.keys(ruleBook).sort());
  });
});
