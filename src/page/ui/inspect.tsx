import { render } from "preact";
import { Inspector } from "./Inspector.js";
import { readPageData } from "./readPageData.js";

/** Opens the page of a server. */
async function open(): Promise<void> {
  const { title, inspector } = await readPageData();
  const root = document.getElementById("app");
  if (root !== null && inspector !== undefined)
    render(<Inspector title={title} {...inspector} />, root);
}

void open();
