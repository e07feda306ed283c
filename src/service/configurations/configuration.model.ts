import type { AccountRow } from "../../model/rows.js";

/** A set of parameters of a datastore version. */
export interface Configuration extends AccountRow {
  readonly name: string;
  readonly description: string | null;
  readonly datastoreType: string;
  readonly datastoreVersion: string;
  /** Parameter by name. */
  readonly values: Readonly<Record<string, string | number | boolean>>;
}
