/* The command line as a process of its own, beside the scripts that it starts threads with. */
import { exitOnCrash, runCli } from "../../src/server/commandLine.js";

const argv = process.argv.slice(2);
exitOnCrash(argv);
process.exitCode = await runCli(argv);
