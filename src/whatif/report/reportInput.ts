import { xmlText } from "../../outline/escape.js";
import type { Band } from "../../statistics/band.js";
import type { Elasticity } from "../../statistics/elasticity.js";
import type { EnsembleResults } from "../ensemble/ensembleResults.js";
import type { EnsembleSummary } from "../ensemble/ensembleSummary.js";
import { brokenPrefix } from "../ensemble/outcome.js";
import type { ExpectationVerdict } from "../expectations.js";
import { colourCount } from "./reportStyles.js";
import type { ValueUnit } from "./valueFormat.js";

/** Description of a measure for readers of its figures. */
export interface MeasureDescription {
  readonly unit: ValueUnit;
  /** One sentence. */
  readonly definition?: string;
}

/** One future to look at. */
export interface FutureExhibit {
  readonly design: string;
  readonly seed: number;
  /** A finished picture, as `timelineSvg` draws it. */
  readonly timelineSvg: string;
}

/** Everything that a report shows. */
export interface ReportInput {
  /** The question that the scenario asks. */
  readonly title: string;
  readonly summary: EnsembleSummary;
  /** The values themselves, for distributions; left out where sketches were kept. */
  readonly results?: EnsembleResults;
  /** Number of first shards that count, if a run stopped early. */
  readonly shards?: number;
  readonly measures: Readonly<Record<string, MeasureDescription>>;
  /** Verdicts on what each design expects, as `answer.expectations()` returns them. */
  readonly verdicts?: readonly ExpectationVerdict[];
  readonly sensitivity?: Readonly<
    Record<string, readonly { readonly parameter: string; readonly elasticity: Elasticity }[]>
  >;
  readonly bands?: Readonly<
    Record<
      string,
      { readonly moments: readonly number[]; readonly designs: Readonly<Record<string, Band>> }
    >
  >;
  readonly exhibits?: readonly FutureExhibit[];
  /** Sentences that belong beside the figures, such as what the horizon is. */
  readonly notes?: readonly string[];
  /** The scenario as it was written. */
  readonly scenario: string;
  /** The command that makes this report again. */
  readonly command: string;
  /** The command that shows one future. */
  readonly showCommand: (design: string, seed: number) => string;
}

/** Returns the class of a design's colour. */
export function colourOf(summary: EnsembleSummary, design: string): number {
  return Object.keys(summary.designs).indexOf(design) % colourCount;
}

/** Returns a design's name with its colour. */
export function keyed(summary: EnsembleSummary, design: string): string {
  return `<span class="key c${String(colourOf(summary, design))}"></span>${xmlText(design)}`;
}

/** Returns the unit of a measure; a number where nothing is said about it. */
export function unitOf({ measures }: Pick<ReportInput, "measures">, measure: string): ValueUnit {
  return measures[measure]?.unit ?? "number";
}

/**
 * Returns names in the order of the scenario, which is that of importance; the rest behind. What counts broken expectations
 * is no measure: the answer says it.
 */
export function ordered(
  names: readonly string[],
  { measures }: Pick<ReportInput, "measures">,
): readonly string[] {
  const described = Object.keys(measures);
  return [
    ...described.filter((name) => names.includes(name)),
    ...names.filter((name) => !described.includes(name) && !name.startsWith(brokenPrefix)),
  ];
}
