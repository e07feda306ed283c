import { spawn } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { CliIo } from "./terminal.js";

/** Writes a page to a file, by default a temporary one, opens it if that is wished, and returns its path. */
export function writePage(
  html: string,
  { out, open }: { readonly out?: string | undefined; readonly open: boolean },
  terminal: CliIo,
): string {
  const target = out ?? join(mkdtempSync(join(tmpdir(), "replication-simulator-")), "page.html");
  writeFileSync(target, html);
  if (open) openInBrowser(target, terminal);
  return target;
}

function openInBrowser(file: string, terminal: CliIo): void {
  const commands: Readonly<Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>>> = {
    darwin: ["open"],
    win32: ["cmd", "/c", "start", ""],
  };
  const [command, ...args] = commands[process.platform] ?? ["xdg-open"];
  const child = spawn(command, [...args, pathToFileURL(file).href], {
    detached: true,
    stdio: "ignore",
  });
  child.on("error", () => {
    terminal.err(`no browser found; open ${file} yourself\n`);
  });
  child.unref();
}
