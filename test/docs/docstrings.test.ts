import { readFileSync } from "node:fs";
import ts from "typescript";
import { expect, test } from "vitest";
import { root } from "./blocks.js";

/*
 * Docstrings of what a user calls first: each has an example, which `codeBlocks.test.ts` runs, describes every
 * parameter and, unless it returns nothing, what it returns.
 */

/** Interfaces and classes, all of whose methods are called first. */
const types: Readonly<Record<string, readonly string[]>> = {
  "src/simulator.ts": ["ReplicationSimulator"],
  "src/simulator/history.ts": ["SimulationHistory"],
  "src/simulator/stateSpace.ts": ["SimulationStateSpace"],
  "src/simulator/methods/backups.ts": ["BackupMethods"],
  "src/simulator/methods/catalog.ts": ["CatalogMethods"],
  "src/simulator/methods/commands.ts": ["CommandMethods"],
  "src/simulator/methods/configurations.ts": ["ConfigurationMethods"],
  "src/simulator/methods/databases.ts": ["DatabaseMethods"],
  "src/simulator/methods/faults.ts": ["FaultMethods"],
  "src/simulator/methods/haGroups.ts": ["HaGroupMethods"],
  "src/simulator/methods/instances.ts": ["InstanceMethods"],
  "src/simulator/methods/operator.ts": ["OperatorMethods"],
  "src/simulator/methods/rows.ts": ["RowMethods"],
  "src/simulator/methods/waits.ts": ["WaitMethods"],
  "src/simulator/methods/workload.ts": ["WorkloadMethods"],
};
/** Functions, classes and values with an example. */
const exported: Readonly<Record<string, readonly string[]>> = {
  "src/simulator.ts": ["ReplicationSimulator"],
  "src/simulator/diff.ts": ["diff", "equalWorlds"],
  "src/testing/assertions.ts": ["expectNoBrokenInvariants", "expectRefused", "expectSettled"],
  "src/testing/fixtures.ts": ["createActiveHaGroup", "createReplicationSet"],
  "src/testing/situations.ts": [
    "createFullAccount",
    "createGroupInFailover",
    "createGroupWithLaggingReplica",
    "createLoneInstance",
    "createScheduledGroup",
    "createSetWithLostSource",
  ],
  "src/testing/scenarioWorld.ts": ["createScenarioWorld"],
  "src/testing/scenarioAsTest.ts": ["scenarioAsTest"],
  "src/testing/fast-check/scenarioArbitrary.ts": ["scenarioArbitrary"],
  "src/matchers/matchers.ts": ["matchers"],
  "src/matchers/showOnFailure.ts": ["showOnFailure"],
  "src/matchers/coverage.ts": ["collectCoverage"],
  "src/scenario/format/parseScenario.ts": ["scenario"],
  "src/scenario/run/runScenario.ts": ["runScenario"],
  "src/scenario/run/journalToScenario.ts": ["journalToScenario"],
  "src/scenario/file/parseScenarioFile.ts": ["parseScenarioFile"],
  "src/whatif/whatIf.ts": ["whatIf"],
  "src/whatif/rare/estimateRare.ts": ["estimateRare"],
  "src/http/handler.ts": ["createHandler"],
  "src/http/adapters.ts": [
    "createFetch",
    "interceptPool",
    "mswResolver",
    "replaceFetch",
    "resetFetch",
  ],
  "src/http/openApi.ts": ["openApi"],
  "src/server/server.ts": ["startServer"],
  "src/realtime/driver.ts": ["RealtimeDriver"],
  "src/wire/perform.ts": ["handleRequest"],
  "src/exploration/exploreClient.ts": ["exploreClient", "assertExplored"],
  "src/render/journalTimeline.ts": ["journalTimeline"],
  "src/render/timelineSvg.ts": ["timelineSvg"],
  "src/render/topologyTree.ts": ["topologyTree"],
  "src/page/pageHtml.ts": ["pageHtml"],
};

const subjects = [
  ...Object.entries(types).flatMap(([path, names]) =>
    names.flatMap((name) => methodsOf(path, name)),
  ),
  ...Object.entries(exported).flatMap(([path, names]) =>
    names.map((name) => [`${path}: ${name}`, declarationIn(sourceOf(path), name)] as const),
  ),
];

test.each(subjects)("%s has an example, parameters and a result", (_, node) => {
  expect(missingIn(node)).toEqual([]);
});

test("a missing part of a docstring would be seen", () => {
  const source = ts.createSourceFile(
    "sample.ts",
    "/** Adds. @param a - one */\nexport function add(a: number, b: number): number { return a + b; }",
    ts.ScriptTarget.Latest,
    true,
  );
  expect(missingIn(declarationIn(source, "add"))).toEqual(["@example", "@param b", "@returns"]);
  expect(subjects.length).toBeGreaterThan(120);
});

function missingIn(node: ts.Node): readonly string[] {
  const tags = ts.getJSDocTags(node);
  const has = (name: string): boolean => tags.some(({ tagName }) => tagName.text === name);
  const described = new Set(tags.filter(ts.isJSDocParameterTag).map(({ name }) => name.getText()));
  const missing = has("example") ? [] : ["@example"];
  if (!ts.isFunctionLike(node)) return missing;
  for (const { name } of node.parameters) {
    if (!ts.isIdentifier(name) || described.has(name.text)) continue;
    missing.push(`@param ${name.text}`);
  }
  const result = node.type?.getText() ?? "";
  if (!/^(?:Promise<)?void>?$/u.test(result) && !has("returns")) missing.push("@returns");
  return missing;
}

function methodsOf(path: string, name: string): readonly (readonly [string, ts.Node])[] {
  const members = declarationsIn(sourceOf(path), name).flatMap((node) =>
    ts.isClassDeclaration(node) || ts.isInterfaceDeclaration(node)
      ? [...(node.members as readonly (ts.ClassElement | ts.TypeElement)[])]
      : [],
  );
  return members
    .filter((member) => ts.isMethodSignature(member) || ts.isMethodDeclaration(member))
    .filter((member) => !["toString", "toJSON"].includes(member.name.getText()))
    .map((member) => [`${name}.${member.name.getText()}`, member] as const);
}

/** The declaration that has the docstring: of several with one name, the first with tags. */
function declarationIn(source: ts.SourceFile, name: string): ts.Node {
  const found = declarationsIn(source, name);
  const node = found.find((each) => ts.getJSDocTags(each).length > 0) ?? found[0];
  if (node === undefined) throw new Error(`${source.fileName} does not declare ${name}`);
  return node;
}

function declarationsIn(source: ts.SourceFile, name: string): readonly ts.Node[] {
  return source.statements.flatMap((statement): readonly ts.Node[] => {
    if (ts.isVariableStatement(statement)) {
      const { declarations } = statement.declarationList;
      return declarations.some((each) => each.name.getText() === name) ? [statement] : [];
    }
    const isNamed =
      ts.isFunctionDeclaration(statement) ||
      ts.isClassDeclaration(statement) ||
      ts.isInterfaceDeclaration(statement);
    return isNamed && statement.name?.text === name ? [statement] : [];
  });
}

function sourceOf(path: string): ts.SourceFile {
  return ts.createSourceFile(
    path,
    readFileSync(`${root}${path}`, "utf8"),
    ts.ScriptTarget.Latest,
    true,
  );
}
