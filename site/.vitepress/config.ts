import { defineConfig } from "vitepress";

/*
 * The documentation site. Its pages are the Markdown files of the repository as they are, so that a link works both
 * here and in an editor. `npm run docs:site` writes it to site/dist.
 */

interface Page {
  readonly text: string;
  readonly link: string;
}

const page = (text: string, link: string): Page => ({ text, link });

const sections: readonly { readonly text: string; readonly items: readonly Page[] }[] = [
  {
    text: "Start",
    items: [
      page("Overview", "/"),
      page("Getting started", "/docs/getting-started"),
      page("Concepts", "/docs/concepts"),
      page("Time and determinism", "/docs/time"),
    ],
  },
  {
    text: "Test your code",
    items: [
      page("Test a service", "/docs/testing"),
      page("Fixtures", "/docs/fixtures"),
      page("Recipes for runners and clients", "/docs/recipes"),
      page("Assertions that show the world", "/docs/matchers"),
      page("Coverage", "/docs/coverage"),
      page("Explore a client", "/docs/explore"),
      page("Hold a service to the simulator", "/docs/model-based"),
      page("Errors", "/docs/errors"),
      page("Inject faults", "/docs/faults"),
      page("Failover", "/docs/failover"),
      page("Replication lag and data loss", "/docs/replication"),
      page("Visualize", "/docs/render"),
    ],
  },
  {
    text: "Ask what if",
    items: [
      page("Compare runs", "/docs/branches"),
      page("Scenarios", "/docs/scenarios"),
      page("What-if questions", "/docs/what-if"),
      page("Measures", "/docs/measures"),
      page("Compiled futures", "/docs/compiled"),
      page("Rare events", "/docs/rare"),
      page("Exact answers", "/docs/exact"),
      page("Shrinking", "/docs/shrinking"),
      page("Statistics", "/docs/statistics"),
      page("Executors", "/docs/executors"),
    ],
  },
  {
    text: "Build an adapter",
    items: [
      page("JSON encoding", "/docs/wire"),
      page("HTTP handler", "/docs/http"),
      page("CLI and server", "/docs/server"),
      page("Accounts, roles and limits", "/docs/accounts"),
    ],
  },
  {
    text: "Look up",
    items: [
      page("Troubleshooting", "/docs/troubleshooting"),
      page("Glossary", "/docs/glossary"),
      page("Rules", "/docs/rules"),
      page("Lifecycles", "/docs/lifecycles"),
      page("API reference", "/docs/api/"),
      page("Options", "/docs/options"),
      page("Versioning", "/docs/versioning"),
      page("Fidelity", "/docs/fidelity"),
      page("Architecture", "/docs/architecture"),
      page("Performance", "/docs/performance"),
      page("Changelog", "/CHANGELOG"),
      page("Contributing", "/CONTRIBUTING"),
      page("Security", "/SECURITY"),
    ],
  },
];

/** Files of the repository that pages link to and that are no pages: code, folders, data. */
const outside = /\/LICENSE|\.(?:ts|tsx|mjs|json|ya?ml|svg|html)$|\/LICENSE$|\/api\/.*\.api\.md$/;

export default defineConfig({
  title: "replication-simulator",
  description:
    "A deterministic, in-process simulator of the Cloud Databases replication API: sources, replicas and HA groups in virtual time",
  lang: "en",
  base: process.env["SITE_BASE"] ?? "/",
  srcDir: "..",
  srcExclude: ["node_modules/**", "test/**", "site/**", ".github/**", "coverage/**"],
  outDir: "dist",
  cacheDir: "cache",
  cleanUrls: false,
  rewrites: (id) => id.replace(/README\.md$/, "index.md"),
  ignoreDeadLinks: [(link) => outside.test(link)],
  // Pages quote placeholders such as {instanceId} and generics such as Field<T>.
  markdown: {
    html: false,
    languages: ["ts", "js", "sh", "json", "yaml", "http"],
    config: (md) => {
      // A folder's README is its index page on the site.
      md.core.ruler.push("readme-links", ({ tokens }) => {
        for (const token of tokens.flatMap(({ children }) => children ?? [])) {
          const href = token.attrGet("href");
          if (href === null) continue;
          if (href === "LICENSE") token.attrSet("href", "https://opensource.org/license/mit");
          else token.attrSet("href", href.replace(/README\.md(?=$|#)/, "index.md"));
        }
      });
    },
  },
  themeConfig: {
    search: { provider: "local" },
    outline: { level: [2, 3] },
    sidebar: sections.map(({ text, items }) => ({ text, items: [...items] })),
    nav: [
      page("Getting started", "/docs/getting-started"),
      page("Docs", "/docs/"),
      page("API reference", "/docs/api/"),
    ],
  },
});
