import type { PageData } from "../pageData.js";

/** The data that stand in the page, unpacked where they are compressed. */
export async function readPageData(): Promise<PageData> {
  const element = document.getElementById("data");
  const text = element?.textContent ?? "";
  const json = element?.getAttribute("type") === "application/gzip" ? await unpacked(text) : text;
  return JSON.parse(json) as PageData;
}

async function unpacked(base64: string): Promise<string> {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).text();
}
