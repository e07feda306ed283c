/**
 * What a mutation score must not count: the sentence (`description`) and the reference (`source`) of a rule. They are
 * documentation that stands in code; docs/rules.md is generated from them, and a test compares the two.
 */
const documentation = new Set(["description", "source"]);

function isText({ type }) {
  return type === "StringLiteral" || type === "TemplateLiteral";
}

function isDocumentation(node, parent) {
  return (
    parent?.type === "ObjectProperty" && parent.value === node && documentation.has(parent.key.name)
  );
}

export const strykerPlugins = [
  {
    kind: "Ignore",
    name: "rule-documentation",
    value: {
      shouldIgnore: ({ node, parent }) =>
        isText(node) && isDocumentation(node, parent)
          ? "the documentation of a rule, pinned by docs/rules.md"
          : undefined,
    },
  },
];
