import { gzipSync, strToU8 } from "fflate";
import type { PageData } from "./pageData.js";

/** Data as a script element that no browser runs: plain JSON, or compressed where that saves much. */
export function dataElement(data: PageData): string {
  const json = JSON.stringify(data);
  if (json.length <= plainMax) return element("application/json", jsonInHtml(json));
  // No time of compression goes in, so that the same data gives the same bytes.
  return element("application/gzip", base64(gzipSync(strToU8(json), { level: 6, mtime: 0 })));
}

/** JSON of at most so many characters stays readable in the file. */
const plainMax = 262_144;

function element(type: string, content: string): string {
  return `<script type="${type}" id="data">${content}</script>`;
}

/** JSON in which nothing can end the element, and no line separator stands bare. */
export function jsonInHtml(json: string): string {
  return json.replace(/[<\u2028\u2029]/g, (character) => escapes[character] ?? character);
}

const escapes: Readonly<Record<string, string>> = {
  "<": "\\u003c",
  "\u2028": "\\u2028",
  "\u2029": "\\u2029",
};

function base64(bytes: Uint8Array): string {
  let binary = "";
  for (let from = 0; from < bytes.length; from += 32_768)
    binary += String.fromCharCode(...bytes.subarray(from, from + 32_768));
  return btoa(binary);
}
