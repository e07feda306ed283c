import type { PageData } from "../pageData.js";

/** Reads the data of the page and shows them, or the problem. */
export async function openPage(show: (root: Element, data: PageData) => void): Promise<void> {
  const root = document.getElementById("app");
  if (root === null) return;
  try {
    show(root, await readPageData());
  } catch (error) {
    root.textContent = `This page cannot be shown: ${error instanceof Error ? error.message : String(error)}`;
    throw error;
  }
}

/** The data that stand in the page, unpacked where they are compressed. */
async function readPageData(): Promise<PageData> {
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
