/* The command line as a process of its own, beside the scripts that it starts threads with. */
import { runCli } from "../../src/server/index.js";

process.exitCode = await runCli(process.argv.slice(2));
