/**
 * A page to look at worlds with: one self-contained HTML file that works without a network. Pure functions; the same
 * input gives the same bytes.
 *
 * @module replication-simulator/page
 */
export type { MeasureUnit, PageFuture, PageFutures, PageMeasure } from "./pageData.js";
export { pageHtml } from "./pageHtml.js";
export type { PageInput, PageWorld } from "./pageInput.js";
