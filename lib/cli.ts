#!/usr/bin/env node
import { main } from './cli/main.js'

// `| head` has seen enough: what was written stays, and nobody is left to complain to.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })

process.exitCode = await main(process.argv.slice(2))
