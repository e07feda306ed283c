/**
 * Many futures of a scenario: figures with intervals, comparisons of designs, verdicts on expectations. Runs wherever
 * JavaScript runs; `replication-simulator/whatif/threads` and `replication-simulator/whatif/bullmq` add executors on Node.
 *
 * @module replication-simulator/whatif
 */
export { type Band, bandOverTime } from "../statistics/band.js";
export {
  type ComparedFigure,
  type Comparison,
  comparePairs,
  type PairingGain,
} from "../statistics/comparison.js";
export { type Elasticity, elasticity } from "../statistics/elasticity.js";
export { type Interval, simultaneousConfidence } from "../statistics/interval.js";
export { latinHypercube } from "../statistics/latinHypercube.js";
export { type MeanEstimate, mean } from "../statistics/mean.js";
export type { Moments, PowerSumsJson } from "../statistics/powerSums.js";
export { type ProportionEstimate, proportion } from "../statistics/proportion.js";
export { type QuantileEstimate, quantile, sortedValues } from "../statistics/quantile.js";
export type { Limit, LimitVerdict, Verdict } from "../statistics/verdict.js";
export { answerText } from "./answerText.js";
export { type Engine, type EngineReport, engines } from "./compiled/engine.js";
export { dataScenario } from "./dataScenario.js";
export { EnsembleError, type EnsembleRule } from "./ensemble/ensembleError.js";
export { EnsembleResults, type ResultColumn } from "./ensemble/ensembleResults.js";
export {
  type EnsembleSpec,
  idOfEnsemble,
  type ScenarioReference,
  type SeedRange,
  type Shard,
  shardsOf,
} from "./ensemble/ensembleSpec.js";
export {
  type DesignSummary,
  type EnsembleSummary,
  type SummaryOptions,
  summarize,
  summaryJson,
} from "./ensemble/ensembleSummary.js";
export { type Executor, inline } from "./ensemble/executor.js";
export { checkColumn, type Expectation } from "./ensemble/expectation.js";
export {
  type CommonFigures,
  compareDesigns,
  type FigureOptions,
  figuresOf,
  type ListFigures,
  type MeasureFigures,
  type NumberFigures,
} from "./ensemble/figures.js";
export { type FutureFunction, functionScenario } from "./ensemble/functionScenario.js";
export type { Outcome } from "./ensemble/outcome.js";
export type { Column } from "./ensemble/outcomeColumns.js";
export {
  type EnsemblePlan,
  type OpenScenario,
  type PreparedEnsemble,
  prepareEnsemble,
  receiveEnsemble,
} from "./ensemble/prepareEnsemble.js";
export {
  headerLine,
  type ParsedResults,
  parseResultLines,
  resultLine,
} from "./ensemble/resultLines.js";
export {
  type EnsembleProgress,
  type EnsembleRun,
  type Look,
  type RunOptions,
  runEnsemble,
  type StopRule,
  untilDecided,
  untilHalfWidth,
} from "./ensemble/runEnsemble.js";
export type { RunnableScenario } from "./ensemble/runnableScenario.js";
export {
  type DesignResult,
  type FutureFailure,
  type MeasureSketchJson,
  runShard,
  type ShardResult,
} from "./ensemble/shardResult.js";
export type { StopFigure, StopReport } from "./ensemble/stopReport.js";
export {
  type ExactAnswer,
  type ExactFigure,
  type ExactMeasure,
  maxSolvedStates,
  solveScenario,
} from "./exact/exactAnswer.js";
export type { ExactVerdict } from "./exact/exactVerdicts.js";
export { type ShortestFailure, shortestFailure } from "./exact/shortestFailure.js";
export {
  type ExplorationBounds,
  exploreScenario,
  type MeasuredPart,
  type ReachableState,
  type StateSpace,
  type Transition,
  wayTo,
} from "./exact/stateSpace.js";
export type { ExpectationVerdict } from "./expectations.js";
export type { OwnParts } from "./future/design.js";
export type { Property, PropertyFactory } from "./future/properties.js";
export type { Future, Violation } from "./future/runFuture.js";
export { Level, Periods } from "./measures/level.js";
export type {
  LevelOf,
  Measure,
  MeasureContext,
  MeasuredThing,
  MeasureFactory,
  MeasureForm,
} from "./measures/measure.js";
export {
  defaultRoots,
  defaultUntil,
  estimateRare,
  type PreparedRare,
  prepareRare,
  type RareAnswer,
  type RareOptions,
  rareAnswerOf,
  rareVerdict,
} from "./rare/estimateRare.js";
export { parseLevel } from "./rare/parseLevel.js";
export type { RarePlan } from "./rare/parseRarePlan.js";
export type { Pilot } from "./rare/pilot.js";
export { type EventWatch, type RareEvent, rareEventsOf } from "./rare/rareEvent.js";
export { type RareExhibit, rareExhibits } from "./rare/rareExhibits.js";
export type {
  RareEstimate,
  RareFigure,
  RareRoots,
  RareShortfall,
  ShortfallReason,
} from "./rare/rareFigure.js";
export type { RareLevel } from "./rare/rareLevel.js";
export type { RareMethod, RareSetup } from "./rare/rareScenario.js";
export { rareText } from "./rare/rareText.js";
export { futuresCsv } from "./report/futuresCsv.js";
export { type PageFuturesOptions, pageFutures } from "./report/pageFutures.js";
export { type RarePicture, type RareReportInput, rareReportHtml } from "./report/rareReport.js";
export { reportHtml } from "./report/reportHtml.js";
export type { FutureExhibit, MeasureDescription, ReportInput } from "./report/reportInput.js";
export { formatValue, type ValueUnit } from "./report/valueFormat.js";
export type { Failure } from "./shrink/failure.js";
export { type ShrinkOptions, type Shrunk, shrink } from "./shrink/shrink.js";
export { shrunkTest } from "./shrink/shrunkTest.js";
export {
  type BandOptions,
  type MeasureOverTime,
  overTime,
  type ParameterSensitivity,
  sensitivityOf,
} from "./sweep.js";
export type { Until } from "./until.js";
export { type WhatIf, WhatIfAnswer, type WhatIfRunOptions, whatIf } from "./whatIf.js";
