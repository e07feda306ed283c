import { writeFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { scenarioJsonSchema } from "../src/scenario/format/jsonSchema.js";
import { lifecyclesPage } from "./pages/lifecycles.js";
import { llmsIndex } from "./pages/llms.js";
import { rulesPage } from "./pages/rules.js";

/** The pages that restate what the code says: path from the root of the project, and what the file holds. */
export function generatedPages(): Readonly<Record<string, string>> {
  return {
    "docs/lifecycles.md": lifecyclesPage(),
    "docs/rules.md": rulesPage(),
    "llms.txt": llmsIndex(),
    "scenario-1.schema.json": `${JSON.stringify(scenarioJsonSchema())}\n`,
  };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  for (const [path, content] of Object.entries(generatedPages())) {
    writeFileSync(fileURLToPath(new URL(`../${path}`, import.meta.url)), content);
    console.log(`wrote ${path}`);
  }
}
