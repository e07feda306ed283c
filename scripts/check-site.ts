import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { chromium } from "playwright-core";

/*
 * Opens the built documentation site in a real browser: every page loads without an error, every internal link leads
 * to a page that exists, and the search finds the term that a newcomer would type. Run after `npm run docs:site`.
 */

const root = new URL("../site/dist/", import.meta.url).pathname;
const types: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".json": "application/json",
  ".woff2": "font/woff2",
};

const server = createServer((request, response) => {
  const path = decodeURIComponent(new URL(request.url ?? "/", "http://site").pathname);
  const file = normalize(join(root, path.endsWith("/") ? `${path}index.html` : path));
  try {
    if (!file.startsWith(root)) throw new Error("outside the site");
    const body = readFileSync(file);
    response.writeHead(200, { "content-type": types[extname(file)] ?? "application/octet-stream" });
    response.end(body);
  } catch {
    response.writeHead(404).end();
  }
});
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
const address = server.address();
if (address === null || typeof address === "string") throw new Error("the server has no port");
const origin = `http://127.0.0.1:${String(address.port)}`;

const pages = readdirSync(root, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".html") && file !== "404.html")
  .sort();
const problems: string[] = [];
const browser = await chromium.launch({
  executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"],
});
try {
  const page = await browser.newPage();
  let current = "";
  page.on("pageerror", (error) => problems.push(`${current}: ${error.message}`));
  page.on("response", (response) => {
    if (response.status() >= 400) problems.push(`${current}: ${response.url()} is missing`);
  });
  page.on("request", (request) => {
    const { origin: requested, protocol } = new URL(request.url());
    if (requested !== origin && protocol !== "data:") {
      problems.push(`${current}: asks another origin for ${request.url()}`);
    }
  });
  const anchors = new Map<string, readonly string[]>();
  const links: { readonly from: string; readonly to: URL }[] = [];
  for (const file of pages) {
    current = file;
    await page.goto(`${origin}/${file}`, { waitUntil: "load" });
    anchors.set(
      `/${file}`,
      await page.$$eval("[id]", (elements) => elements.map((element) => element.id)),
    );
    const found = await page.$$eval("main a[href]", (elements) =>
      elements.map((element) => (element as unknown as { readonly href: string }).href),
    );
    for (const href of found) links.push({ from: file, to: new URL(href) });
  }
  for (const { from, to } of links) {
    if (to.origin !== origin) continue;
    const path = to.pathname.endsWith("/") ? `${to.pathname}index.html` : to.pathname;
    const ids = anchors.get(path);
    if (ids === undefined) {
      if (path.endsWith(".html")) problems.push(`${from}: ${to.pathname} is no page`);
    } else if (to.hash !== "" && !ids.includes(decodeURIComponent(to.hash.slice(1)))) {
      problems.push(`${from}: ${to.pathname} has no heading ${to.hash}`);
    }
  }

  current = "the search";
  await page.goto(`${origin}/`, { waitUntil: "load" });
  await page.locator(".DocSearch-Button, .VPNavBarSearch button").first().click();
  await page.locator("input.search-input").fill("failover");
  await page.locator(".results .result").first().waitFor({ timeout: 20_000 });
  const results = await page.locator(".results .result").count();
  if (results < 3) problems.push(`the search for "failover" finds ${String(results)} pages`);
} finally {
  await browser.close();
  server.close();
}

if (problems.length > 0) {
  console.error([...new Set(problems)].join("\n"));
  process.exit(1);
}
console.log(`${String(pages.length)} pages of the site open, and all their links lead somewhere.`);
