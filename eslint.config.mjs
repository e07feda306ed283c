import { readFileSync } from "node:fs";
import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

// The same list is read by test/architecture.test.ts, which also sees what a linter rule cannot.
const purity = JSON.parse(readFileSync(new URL("./purity.json", import.meta.url), "utf8"));
const restricted = Object.entries(purity.globals).map(([name, message]) => ({ name, message }));

const typed = {
  parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
};

export default defineConfig(
  { ignores: ["dist/**", "docs/**", "coverage/**", ".stryker-tmp/**", "reports/**"] },
  {
    files: ["src/**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: typed,
    rules: {
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      "@typescript-eslint/require-array-sort-compare": ["error", { ignoreStringArrays: false }],
      // type aliases and interfaces are both house style: unions are aliases, rows are interfaces
      "@typescript-eslint/consistent-type-definitions": "off",
      // numbers in messages are the rule here, not an accident
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      // --fix would delete the `types: {} as {...}` idiom that types XState machines
      "@typescript-eslint/no-unnecessary-type-assertion": "off",
    },
  },
  {
    files: purity.files,
    rules: {
      "no-restricted-globals": ["error", ...restricted],
      "no-restricted-properties": [
        "error",
        { object: "Math", property: "random", message: purity.members["Math.random"] },
      ],
    },
  },
  {
    // Around the library the types are already checked; what they cannot see is a forgotten promise.
    files: ["test/**/*.ts", "examples/**/*.ts", "bench/**/*.ts", "scripts/**/*.ts", "*.config.ts"],
    extends: [tseslint.configs.base],
    languageOptions: typed,
    rules: {
      "@typescript-eslint/await-thenable": "error",
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": "error",
      "@typescript-eslint/switch-exhaustiveness-check": "error",
    },
  },
);
