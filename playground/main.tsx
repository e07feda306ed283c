import { render } from "preact";
import { Playground } from "./Playground.js";
import { runFutures } from "./runFutures.js";

// One script is the page and, started again beside it, its worker: a page from disk cannot load another file.
if (typeof document === "undefined") runFutures();
else {
  const workerScript = document.currentScript?.textContent ?? "";
  const root = document.getElementById("app");
  if (root !== null) render(<Playground workerScript={workerScript} />, root);
}
