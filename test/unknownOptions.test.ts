import { ReplicationSimulator } from "replication-simulator";
import { RealtimeDriver } from "replication-simulator/realtime";
import { whatIf } from "replication-simulator/whatif";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { calls, exceptions, question } from "./optionCalls.js";
import { checker, exportsOf, files } from "./publicSurface.js";

/*
 * S16: every public function that takes options refuses those that it does not know. The functions are found by looking
 * at the types of all entry points, so that a new one without a call here turns the first test red.
 */

/** Names of parameters that hold options, even where one of them is required. */
const optionNames = /^(options|input|changes|workload|plan|filter|hooks|own|wait|storage|bounds)$/;

/** An object of this library whose parts are all optional, or that is called options; no row, world or function. */
function isOptions(type: ts.Type, name: string): boolean {
  const whole = checker.getNonNullableType(type);
  const parts = whole.isUnion() ? whole.types : [whole];
  return parts.some((part) => {
    const members = part.getProperties();
    const isObject = (part.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) !== 0;
    if (!isObject || members.length === 0 || checker.isArrayLikeType(part)) return false;
    if (part.getCallSignatures().length + checker.getIndexInfosOfType(part).length > 0)
      return false;
    if (!members.some((member) => isOurs(member.declarations?.[0]))) return false;
    const isOptional = (member: ts.Symbol): boolean =>
      (member.flags & ts.SymbolFlags.Optional) !== 0;
    return members.every(isOptional) || (optionNames.test(name) && members.some(isOptional));
  });
}

function isOurs(declaration: ts.Declaration | undefined): boolean {
  return declaration?.getSourceFile().fileName.includes("/src/") === true;
}

/** The parameters with options: `entry point name.method(parameter)`. Each declaration is listed once. */
function optionParameters(): readonly string[] {
  const found = new Map<ts.Declaration, string>();
  const seen = new Set<ts.Type>();
  const signature = (label: string, one: ts.Signature): void => {
    for (const parameter of one.getParameters()) {
      const declaration = parameter.valueDeclaration;
      if (declaration === undefined || found.has(declaration)) continue;
      const type = checker.getTypeOfSymbolAtLocation(parameter, declaration);
      const name = parameter.name.startsWith("__") ? "options" : parameter.name;
      if (isOptions(type, name)) found.set(declaration, `${label}(${name})`);
    }
  };
  const methods = (label: string, type: ts.Type): void => {
    if (seen.has(type)) return;
    seen.add(type);
    for (const member of type.getProperties()) {
      const declaration = member.declarations?.[0];
      if (declaration === undefined || !isOurs(declaration)) continue;
      const own = checker.getTypeOfSymbolAtLocation(member, declaration);
      for (const one of own.getCallSignatures()) signature(`${label}.${member.name}`, one);
    }
  };
  const exported = files.flatMap(({ name, file }) =>
    [...exportsOf(file)].map(([symbolName, symbol]) => ({
      label: `${name.replace(/^replication-simulator\/?/, "") || "main"} ${symbolName}`,
      symbol,
    })),
  );
  for (const { label, symbol } of exported) {
    const declaration = symbol.valueDeclaration;
    if (declaration === undefined) continue;
    const type = checker.getTypeOfSymbolAtLocation(symbol, declaration);
    for (const call of type.getCallSignatures()) {
      signature(label, call);
      methods(label, call.getReturnType());
    }
    for (const made of type.getConstructSignatures()) {
      signature(label, made);
      methods(label, made.getReturnType());
    }
    if (type.getCallSignatures().length === 0) methods(label, type);
  }
  for (const { label, symbol } of exported) {
    if (symbol.valueDeclaration !== undefined) continue;
    methods(label, checker.getDeclaredTypeOfSymbol(symbol));
  }
  return [...found.values()];
}

/** The `@throws` of the function, class or method that a label names. */
function thrownBy(label: string): readonly string[] {
  const [, entry = "", name = "", method] = /^(\S+) (\w+)(?:\.(\w+))?\(/.exec(label) ?? [];
  const path = entry === "main" ? "replication-simulator" : `replication-simulator/${entry}`;
  const symbol = exportsOf(files.find((each) => each.name === path)?.file ?? "").get(name);
  if (symbol === undefined) throw new RangeError(label);
  const found = method === undefined ? symbol : methodOf(symbol, method);
  const declared = found.declarations ?? [];
  // The class says what its constructor throws where the constructor has no docstring of its own.
  const made = declared.flatMap((one) =>
    ts.isClassDeclaration(one) ? one.members.filter(ts.isConstructorDeclaration) : [],
  );
  return [...declared, ...made].flatMap((one) =>
    ts
      .getJSDocTags(one)
      .filter(({ tagName }) => tagName.text === "throws")
      .map(({ comment }) => ts.getTextOfJSDocComment(comment) ?? ""),
  );
}

function methodOf(symbol: ts.Symbol, name: string): ts.Symbol {
  const { valueDeclaration } = symbol;
  const type =
    valueDeclaration === undefined
      ? checker.getDeclaredTypeOfSymbol(symbol)
      : checker.getTypeOfSymbolAtLocation(symbol, valueDeclaration);
  const calls = [...type.getConstructSignatures(), ...type.getCallSignatures()];
  const types = [type, checker.getDeclaredTypeOfSymbol(symbol)];
  for (const one of [...types, ...calls.map((call) => call.getReturnType())]) {
    const found = one.getProperty(name);
    if (found !== undefined) return found;
  }
  throw new RangeError(`${symbol.name} has no ${name}`);
}

describe("options", () => {
  test("are refused by functions that say so: each has a @throws", () => {
    const silent = Object.keys(calls).filter((label) => thrownBy(label).length === 0);
    expect(silent).toEqual([]);
  });

  test("of every public function are here, or say why not", () => {
    const known = [...Object.keys(calls), ...Object.keys(exceptions)];
    expect(known.sort()).toEqual([...new Set(optionParameters())].sort());
  });

  test("that are misspelt are refused with the nearest name", () => {
    const misspelt = { spead: 60 } as object;
    expect(() => new RealtimeDriver(new ReplicationSimulator(), misspelt)).toThrow(
      "spead is not known here; it must be one of speed, clock, onError, maxStepsPerTick; did you mean speed?",
    );
    const sim = new ReplicationSimulator();
    const command = { flavorId: 2, volumeGB: 1, volumeGb: 1 };
    expect(() => sim.createInstance(command)).toThrow(
      /volumeGB is not .*; did you mean volumeGb\?/,
    );
    expect(() => whatIf(question, { mesures: {} } as object)).toThrow(/did you mean measures\?/);
  });

  test.each(Object.entries(calls))("%s refuses an unknown one", async (name, call) => {
    const refused = await (async () => {
      await call({ optoin: 1 });
    })().then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(refused, name).toBeInstanceOf(Error);
    const { rule, message } = refused as { readonly rule?: string; readonly message: string };
    expect(message).toContain("optoin");
    expect([name, rule]).toEqual([name, "known-field"]);
    expect(message).toMatch(/optoin is not known here; it must be one of \w+/);
  });
});
