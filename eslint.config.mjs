import { readFileSync } from "node:fs";
import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

// One list for the linter and for test/architecture.test.ts, which also sees what a linter rule cannot.
const architecture = JSON.parse(
  readFileSync(new URL("./architecture.json", import.meta.url), "utf8"),
);
const pure = architecture.layers.slice(0, architecture.pureLayers).flat();
const banned = Object.entries(architecture.banned.globals).map(([name, message]) => ({
  name,
  message,
}));

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
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
      // A leading _ says: this part is taken off and dropped, or is there for its type alone.
      "@typescript-eslint/no-unused-vars": [
        "error",
        { argsIgnorePattern: "^_", varsIgnorePattern: "^_" },
      ],
      "@typescript-eslint/require-array-sort-compare": ["error", { ignoreStringArrays: false }],
      // type aliases and interfaces are both the style here: unions are aliases, rows are interfaces
      "@typescript-eslint/consistent-type-definitions": "off",
      // numbers in messages are the rule here, not an accident
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      // a proven look-up may say so in either way: these two rules each forbid what the other asks for
      "@typescript-eslint/no-non-null-assertion": "off",
      "@typescript-eslint/non-nullable-type-assertion-style": "off",
      // --fix would delete the `types: {} as {...}` idiom that types XState machines
      "@typescript-eslint/no-unnecessary-type-assertion": "off",
    },
  },
  {
    files: pure.flatMap((name) => [`src/${name}/**/*.ts`, `src/${name}.ts`]),
    rules: {
      "no-restricted-globals": ["error", ...banned],
      "no-restricted-properties": [
        "error",
        { object: "Math", property: "random", message: architecture.banned.members["Math.random"] },
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
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
      // A leading _ says: this part is taken off and dropped, or is there for its type alone.
      "@typescript-eslint/no-unused-vars": [
        "error",
        { argsIgnorePattern: "^_", varsIgnorePattern: "^_" },
      ],
    },
  },
);
