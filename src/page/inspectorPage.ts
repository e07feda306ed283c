import { inspectorProgram } from "./inspectorProgram.js";
import type { PageData } from "./pageData.js";
import { contentSecurityPolicy, pageDocument } from "./pageDocument.js";
import { type PageInput, pageDataOf } from "./pageInput.js";
import { builtProgram } from "./pageProgram.js";

/** What the page of a server needs to know before it may ask for anything. */
export interface InspectorSetup {
  readonly title: string;
  readonly accountId: string;
  readonly needsToken: boolean;
  readonly isReadOnly: boolean;
  readonly hasSpeed: boolean;
}

/** The page of a server, with the policy that its answer must have. */
export function inspectorHtml({ title, ...inspector }: InspectorSetup): {
  readonly html: string;
  readonly policy: string;
} {
  const program = builtProgram(inspectorProgram);
  const data: PageData = {
    format: "replication-simulator/page",
    version: 1,
    mode: "inspector",
    title,
    note: "",
    branches: [],
    futures: null,
    inspector,
  };
  return {
    html: pageDocument(data, program, "self"),
    policy: contentSecurityPolicy(program, "self"),
  };
}

/** A page to send, as `pageHtml` creates it, with the program of the server's page: a server has no other one. */
export function savedPageHtml(input: PageInput): string {
  return pageDocument(pageDataOf(input), builtProgram(inspectorProgram));
}
