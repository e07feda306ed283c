import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/*
 * Links of the API reference to headings that are there. The Markdown plugin numbers the anchors of headings with one
 * name differently from renderers, and it links to rows of properties, whose anchors are removed.
 */

/** Rewrites the pages below a folder: a link to a heading gets the anchor of the heading with its name. */
export function mendReferenceLinks(folder) {
  const pages = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => join(folder, name));
  const texts = new Map(pages.map((page) => [page, readFileSync(page, "utf8")]));
  const headings = new Map([...texts].map(([page, text]) => [page, headingsOf(text)]));
  for (const [page, text] of texts) {
    const mended = text
      .replaceAll(/\[(`[^`\n]+`)\]\([^)\s]*#property-[^)\s]+\)/g, "$1")
      .replaceAll(/\[`([^`\n]+)`\]\(([^)\s#]*)#([^)\s]+)\)/g, (link, name, path, anchor) => {
        const there = headings.get(path === "" ? page : join(dirname(page), path)) ?? [];
        if (there.some((heading) => heading.anchor === anchor && isNamed(heading, name)))
          return link;
        const heading = there.find((one) => isNamed(one, name));
        return heading === undefined ? link : `[\`${name}\`](${path}#${heading.anchor})`;
      });
    if (mended !== text) writeFileSync(page, mended);
  }
}

function isNamed({ level, title }, name) {
  return level > 1 && (title === name || title === `${name}()`);
}

/** Headings with their anchors, as Markdown renderers make them: repeated ones are numbered. */
export function headingsOf(contents) {
  const seen = new Map();
  const text = contents.replaceAll(/^```[\s\S]*?^```$/gm, "");
  return [...text.matchAll(/^(#+) (.+)$/gm)].map(([, marks, title]) => {
    const slug = title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-");
    const times = seen.get(slug) ?? 0;
    seen.set(slug, times + 1);
    return { level: marks.length, title, anchor: times === 0 ? slug : `${slug}-${times}` };
  });
}
