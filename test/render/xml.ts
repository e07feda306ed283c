import { SaxesParser } from "saxes";

/** An element as a strict parser reads it. */
export interface Node {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Node[];
  text: string;
}

/** The root of a document. Throws where it is not well-formed. */
export function parsed(xml: string): Node {
  const document: Node = { name: "", attributes: {}, children: [], text: "" };
  const path = [document];
  const parser = new SaxesParser();
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("opentag", ({ name, attributes }) => {
    const node: Node = { name, attributes, children: [], text: "" };
    path.at(-1)?.children.push(node);
    path.push(node);
  });
  parser.on("closetag", () => {
    path.pop();
  });
  parser.on("text", (text) => {
    const node = path.at(-1);
    if (node !== undefined) node.text += text;
  });
  parser.write(xml).close();
  const [root] = document.children;
  if (root === undefined) throw new Error("there is no element");
  return root;
}
