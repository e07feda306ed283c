import { render } from "preact";
import { journalsOf } from "../pageData.js";
import { App } from "./App.js";
import { BranchModel } from "./branchModel.js";
import { readPageData } from "./readPageData.js";

/** Opens the page with the data that stand in its file. */
async function open(): Promise<void> {
  const root = document.getElementById("app");
  if (root === null) return;
  try {
    const data = await readPageData();
    render(
      <App
        title={data.title}
        note={data.note}
        branches={journalsOf(data).map((each) => new BranchModel(each))}
        futures={data.futures}
      />,
      root,
    );
    performance.mark("page-ready");
  } catch (error) {
    root.textContent = `This page cannot be shown: ${error instanceof Error ? error.message : String(error)}`;
    throw error;
  }
}

void open();
