import { render } from "preact";
import { Inspector } from "./Inspector.js";
import { openReport } from "./openReport.js";
import { openPage } from "./readPageData.js";

/** Opens the page of a server, or a page that was saved from it. */
void openPage((root, data) => {
  if (data.inspector === undefined) openReport(root, data);
  else render(<Inspector title={data.title} {...data.inspector} />, root);
});
