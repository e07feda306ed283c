#!/usr/bin/env node
import { commandLine } from "../dist/server.js";

process.exitCode = await commandLine(process.argv.slice(2));
