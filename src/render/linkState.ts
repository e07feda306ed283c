import type { Instance } from "../service/instances/instance.model.js";
import { toneOf } from "./palette.js";

/** State of a replica's link as it is drawn: running, not begun, or broken. */
export type LinkState = "running" | "pending" | "broken";

/** Returns the state of the link between a replica and its source, as far as its row says it. */
export function linkState({ status, link }: Pick<Instance, "status" | "link">): LinkState {
  const tone = toneOf(status);
  if (tone === "building") return "pending";
  return tone === "broken" || link?.condition.condition === "cut" ? "broken" : "running";
}
