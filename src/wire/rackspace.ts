import { type Dialect, defineDialect } from "./dialect.js";
import { documentedErrors } from "./faults.js";
import { operations, unsupported } from "./operations.js";

/** The documented API, as the API document writes it: the default dialect. The rows of the simulator use its words. */
export const rackspace: Dialect = /* @__PURE__ */ defineDialect({
  name: "rackspace",
  version: "v1.0",
  operations,
  unsupported,
  statusWords: {
    instance: (status) => status,
    group: (status) => status,
    backup: (status) => status,
  },
  errors: documentedErrors,
});
