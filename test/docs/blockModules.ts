import { transformSync } from "esbuild";
import type { Plugin } from "vitest/config";
import { codeBlocksOf, root } from "./blocks.js";

const prefix = "virtual:block:";

/** Lets a test import a block of a page as a module: `virtual:block:docs/time.md:27`. */
export function blockModules(): Plugin {
  return {
    name: "blocks-of-pages",
    enforce: "pre",
    resolveId(id, importer) {
      if (id.startsWith(prefix)) return `\0${id}.ts`;
      // A block imports what a file of the project would.
      return importer?.startsWith(`\0${prefix}`) === true
        ? this.resolve(id, `${root}test/docs/blocks.ts`, { skipSelf: true })
        : undefined;
    },
    load(id) {
      if (!id.startsWith(`\0${prefix}`)) return undefined;
      const name = id.slice(prefix.length + 1, -".ts".length);
      const block = codeBlocksOf(name.replace(/:\d+$/, "")).find((each) => each.name === name);
      if (block === undefined) throw new Error(`there is no block at ${name}`);
      // A block that shows a test file runs its tests at once, in their order.
      const code = block.code.replace(
        /^import \{([^}]*\btest\b[^}]*)\} from "vitest";$/m,
        'import {$1} from "./blockTests.js";',
      );
      return transformSync(code, { loader: "ts", target: "es2022" }).code;
    },
  };
}
