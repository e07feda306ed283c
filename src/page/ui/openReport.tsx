import { render } from "preact";
import { journalsOf, type PageData } from "../pageData.js";
import { App } from "./App.js";
import { BranchModel } from "./branchModel.js";

/** Shows the data in the file of a page. */
export function openReport(root: Element, data: PageData): void {
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
}
