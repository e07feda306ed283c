/**
 * Pictures of a world, for people who look at one: text trees and timelines for terminals and test failures, Mermaid,
 * DOT and SVG for documents. Pure functions of a topology or a journal; the same input gives the same bytes.
 *
 * @module replication-simulator/render
 */
export { topologyDot, topologyMermaid } from "./diagrams.js";
export type { SvgOptions } from "./frame.js";
export { type JournalTimelineOptions, journalTimeline } from "./journalTimeline.js";
export type { TopologyView } from "./sets.js";
export type { Theme } from "./theme.js";
export { type TimelineSvgOptions, timelineSvg } from "./timelineSvg.js";
export { type TopologySvgOptions, topologySvg } from "./topologySvg.js";
export { type TreeOptions, topologyTree } from "./tree.js";
