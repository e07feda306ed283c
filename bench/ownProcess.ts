import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/**
 * What a program prints as JSON, given its input as JSON. A command runs one engine in a process of its own; after
 * another engine has run, V8 has seen other kinds of objects at the same places and compiles slower code.
 */
export function inOwnProcess(program: string, input: unknown): unknown {
  const file = fileURLToPath(new URL(program, import.meta.url));
  const printed = execFileSync(process.execPath, [file, JSON.stringify(input)], {
    encoding: "utf8",
  });
  return JSON.parse(printed);
}
