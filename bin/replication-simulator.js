#!/usr/bin/env node
import { runCli } from "../dist/commandLine.js";

process.exitCode = await runCli(process.argv.slice(2));
