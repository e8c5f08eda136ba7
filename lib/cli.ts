#!/usr/bin/env node
import { keepCompiled } from './cli/compile-cache.js'

keepCompiled()
// Only now: what is imported above is compiled before anything runs.
const { start } = await import('./cli/start.js')
await start()
