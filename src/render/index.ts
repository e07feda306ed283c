/**
 * Visualization of topologies and journals: text trees and timelines for terminals and test failures, Mermaid, DOT and
 * SVG for documents. Pure functions of a topology or a journal. The same input gives the same bytes.
 *
 * @module replication-simulator/render
 */

export type { TopologyView } from "../outline/groupInstances.js";
export { topologyDot, topologyMermaid } from "./diagrams.js";
export { journalTimeline } from "./journalTimeline.js";
export type { SvgOptions } from "./svgFrame.js";
export type { Theme } from "./theme.js";
export { type TimelineSvgOptions, timelineSvg } from "./timelineSvg.js";
export type { JournalTimelineOptions } from "./timelineText.js";
export { type TopologySvgOptions, topologySvg } from "./topologySvg.js";
export { type TreeOptions, topologyTree } from "./topologyTree.js";
