/**
 * Scenario files: YAML or JSON in, errors with file, line and column out, and scenarios written as YAML.
 *
 * @module
 */
export { formatScenario } from "./formatScenario.js";
export {
  type FileOptions,
  type FileProblem,
  parseScenarioFile,
  ScenarioFileError,
} from "./parseScenarioFile.js";
