#!/usr/bin/env node
import { runCli } from "../dist/server.js";

process.exitCode = await runCli(process.argv.slice(2));
