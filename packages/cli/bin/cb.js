#!/usr/bin/env node
import { runProgram } from '../dist/index.js';

await runProgram(process);
