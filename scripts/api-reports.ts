import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  Extractor,
  ExtractorConfig,
  ExtractorLogLevel,
  type ExtractorMessage,
} from "@microsoft/api-extractor";
import ts from "typescript";

/*
 * Compares the API reports in `api/` with the built types, or rewrites them with `--update`. A type that a public
 * member refers to has to be exported, or the run fails. It may be exported by another entry point of the package:
 * API Extractor looks at one entry point at a time and cannot see that. Needs a build.
 */

const root = fileURLToPath(new URL("../", import.meta.url));
const isUpdate = process.argv.includes("--update");
const configs = readdirSync(join(root, "api")).filter((file) => file.endsWith(".json"));
const exported = new Set(configs.flatMap((file) => exportsOf(basename(file, ".json"))));

let failed = 0;
for (const file of configs) {
  const config = ExtractorConfig.loadFileAndPrepare(join(root, "api", file));
  const { succeeded } = Extractor.invoke(config, {
    localBuild: isUpdate,
    messageCallback: (message) => {
      if (isExportedElsewhere(message)) message.logLevel = ExtractorLogLevel.None;
    },
  });
  if (!succeeded) failed += 1;
}
if (failed > 0) {
  console.error(`${String(failed)} of ${String(configs.length)} reports failed`);
  process.exitCode = 1;
}

function isExportedElsewhere({ messageId, text }: ExtractorMessage): boolean {
  if (messageId !== "ae-forgotten-export") return false;
  const [, name = ""] = /symbol "([^"]+)"/u.exec(text) ?? [];
  return exported.has(name);
}

/** Names that the built types of an entry point export. `test/surface.test.ts`: no name has two meanings. */
function exportsOf(entry: string): readonly string[] {
  const path = join(root, "dist", `${entry}.d.ts`);
  const source = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest);
  return source.statements.flatMap((statement) =>
    ts.isExportDeclaration(statement) &&
    statement.exportClause !== undefined &&
    ts.isNamedExports(statement.exportClause)
      ? statement.exportClause.elements.map(({ name }) => name.text)
      : [],
  );
}
