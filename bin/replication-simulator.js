#!/usr/bin/env node
import { exitOnCrash, runCli } from "../dist/commandLine.js";

const argv = process.argv.slice(2);
exitOnCrash(argv);
process.exitCode = await runCli(argv);
