import { xmlText } from "../outline/escape.js";
import { dataElement } from "./encodeData.js";
import type { PageData } from "./pageData.js";
import type { PageProgram } from "./pageProgram.js";

/** Where the page may connect to: nowhere, or to the server that it comes from. */
export type PageConnections = "none" | "self";

/**
 * The content security policy of a page: its own script and style by their hashes, and nothing else. `connections`
 * allows requests to the server that the page comes from.
 */
export function contentSecurityPolicy(
  { scriptHash, styleHash }: Pick<PageProgram, "scriptHash" | "styleHash">,
  connections: PageConnections,
): string {
  return [
    "default-src 'none'",
    `script-src '${scriptHash}'`,
    `style-src '${styleHash}'`,
    ...(connections === "self" ? ["connect-src 'self'"] : []),
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
  ].join(";");
}

/** The whole file. The same data and program give the same bytes. */
export function pageDocument(
  data: PageData,
  program: PageProgram,
  connections: PageConnections = "none",
): string {
  const policy = xmlText(contentSecurityPolicy(program, connections)).replaceAll("&#39;", "'");
  return [
    "<!doctype html>",
    '<html lang="en">',
    "<head>",
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width,initial-scale=1">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="referrer" content="no-referrer">',
    `<title>${xmlText(data.title)}</title>`,
    `<style>${program.style}</style>`,
    "</head>",
    "<body>",
    '<div id="app"></div>',
    "<noscript>This page needs JavaScript.</noscript>",
    dataElement(data),
    `<script>${program.script}</script>`,
    "</body>",
    "</html>",
    "",
  ].join("\n");
}
