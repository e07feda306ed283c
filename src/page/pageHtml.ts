import { pageDocument } from "./pageDocument.js";
import { type PageInput, pageDataOf } from "./pageInput.js";
import { builtProgram } from "./pageProgram.js";
import { reportProgram } from "./reportProgram.js";

/**
 * One HTML file that shows a world through time: its topology, a timeline to move on, outages and losses, its journal
 * with the causes of each entry, and two branches side by side. It works without a network and asks for nothing.
 *
 * @example
 * ```ts
 * import { ReplicationSimulator } from "replication-simulator";
 * import { pageHtml } from "replication-simulator/page";
 *
 * const sim = new ReplicationSimulator();
 * sim.createInstance({ name: "orders", flavorId: 2, volumeGb: 10 });
 * sim.settle();
 * const html = pageHtml({ title: "A first build", world: sim });
 * console.log(html.startsWith("<!doctype html>")); // true
 * ```
 * @param input - a simulator, journals, branches or futures
 * @returns the whole file; the same input gives the same bytes
 * @throws InvalidInputError `page-options`
 * @throws InvalidWorldDataError for what is no world, no journal or no snapshot
 */
export function pageHtml(input: PageInput): string {
  return pageDocument(pageDataOf(input), builtProgram(reportProgram));
}
