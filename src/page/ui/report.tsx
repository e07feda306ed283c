import { openReport } from "./openReport.js";
import { openPage } from "./readPageData.js";

void openPage(openReport);
