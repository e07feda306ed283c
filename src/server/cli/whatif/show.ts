import { mkdir, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { pageHtml } from "../../../page/pageHtml.js";
import { journalTimeline } from "../../../render/journalTimeline.js";
import { timelineSvg } from "../../../render/timelineSvg.js";
import { designsOf } from "../../../scenario/format/designs.js";
import { measureUnit } from "../../../scenario/format/measureSets.js";
import { formatDuration } from "../../../scenario/format/quantities.js";
import { brokenPrefix } from "../../../whatif/ensemble/outcome.js";
import { problemText, refusalsOf } from "../../../whatif/future/stepProblems.js";
import { formatValue } from "../../../whatif/report/valueFormat.js";
import { whatIf } from "../../../whatif/whatIf.js";
import { writePage } from "../openInBrowser.js";
import type { CliIo } from "../terminal.js";
import { exitCodeOf, exitCodes, figuresOfMany, undecidedLines } from "./exitCodes.js";
import { openDataFile } from "./files.js";
import { folded } from "./folded.js";
import { type VaryFlags, variedScenario } from "./varyFlags.js";

/** Flags of `whatif show`. */
export interface ShowFlags extends VaryFlags {
  readonly seed: number;
  readonly design?: string;
  readonly out?: string;
  readonly json: boolean;
  readonly open: boolean;
}

/** Runs one future and shows it. */
export async function showFuture(file: string, flags: ShowFlags, terminal: CliIo): Promise<number> {
  const source = await openDataFile(file, terminal);
  if (source === undefined) return exitCodes.badFile;
  const { own } = source;
  const scenario = variedScenario(source.scenario, flags, terminal);
  if (scenario === undefined) return exitCodes.badFile;
  terminal.endOnInterrupt?.();
  const { run, outcome, violations } = whatIf(scenario, own).future(flags.seed, flags.design);
  const undecided = figuresOfMany(
    designsOf(scenario).find(({ name }) => name === flags.design)?.scenario ?? scenario,
  );
  const refusals = refusalsOf(run);
  if (flags.json) {
    const shown = { outcome, violations, refusals, undecided };
    await terminal.out(`${JSON.stringify(shown, undefined, 2)}\n`);
  } else {
    await terminal.out(`${folded(journalTimeline(run.sim.journal()), 10)}\n\n`);
    for (const [name, value] of Object.entries(outcome)) {
      if (name.startsWith(brokenPrefix)) {
        if (value === 0) await terminal.out(folded(`HOLDS ${name.slice(brokenPrefix.length)}\n`));
        continue;
      }
      const kind = scenario.measures?.[name]?.measure;
      const shown = (typeof value === "number" ? [value] : value).map((one) =>
        formatValue(one, measureUnit(kind)),
      );
      const text = shown.length === 0 ? "none" : shown.join(", ");
      await terminal.out(folded(`${name}: ${text}\n`));
    }
    for (const refusal of refusals) {
      await terminal.out(folded(`REFUSED ${problemText(refusal)}\n`));
    }
    for (const { expectation, at, message } of violations) {
      const text = `BROKEN ${expectation}, ${formatDuration(at)} after time 0: ${message}\n`;
      await terminal.out(folded(text));
    }
    await terminal.out(undecidedLines(undecided));
  }
  if (flags.out !== undefined) {
    await mkdir(flags.out, { recursive: true });
    await writeFile(join(flags.out, "journal.json"), `${JSON.stringify(run.sim.journal())}\n`);
    await writeFile(join(flags.out, "timeline.svg"), `${timelineSvg(run.sim.journal())}\n`);
  }
  if (flags.out !== undefined || flags.open) {
    const title = `${scenario.title ?? basename(file)}, seed ${String(flags.seed)}`;
    const html = pageHtml({ title, note: flags.design ?? "", world: run.sim });
    const out = flags.out === undefined ? undefined : join(flags.out, "page.html");
    terminal.err(`${writePage(html, { out, open: flags.open }, terminal)}\n`);
  }
  return exitCodeOf([
    ...violations.map(() => "not met" as const),
    ...undecided.map(() => "undecided" as const),
  ]);
}
