import { wrapped } from "../../../whatif/answerText.js";

/** Returns a text whose lines fit 80 columns where they have spaces; the rest of a line is indented. */
export function folded(text: string, indent = 2): string {
  return text
    .split("\n")
    .flatMap((line) => wrapped(line, line.length === 0 ? 0 : line.search(/\S/) + indent))
    .map((line) => line.trimEnd())
    .join("\n");
}
