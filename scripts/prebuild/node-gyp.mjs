#!/usr/bin/env node
// What prebuildify calls in place of node-gyp, in the folder of the build: there build/Release/*.node is to come of it.
// The version, the address of headers and the other arguments are for addons that do not keep to Node-API.
import { execFileSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'

const { ZIG, ZIG_TARGET, PREBUILD_PLATFORM } = process.env
const root = join(import.meta.dirname, '../..')
const require = createRequire(import.meta.url)
const headers = require('node-api-headers')
const includes = [headers.include_dir, join(require.resolve('node-addon-api'), '..')]

const run = (program, args) => execFileSync(program, args, { stdio: ['ignore', 'ignore', 'inherit'] })

/** Import libraries of what Node exports to addons, by the name of its program. */
function importLibraries() {
  return ['js_native_api', 'node_api'].map((name) => {
    const library = join(process.cwd(), `${name}.lib`)
    const definitions = headers.def_paths[`${name}_def`]
    run(ZIG, ['dlltool', '-m', 'i386:x86-64', '-d', definitions, '-l', library, '-D', 'node.exe'])
    return library
  })
}

// No path of the machine gets into the file: neither of our sources nor of the headers.
const maps = [[root, '.'], [process.cwd(), 'build'], ...includes.map((folder) => [folder, 'include'])]
const flags = ['-g0', ...maps.map(([from, to]) => `-ffile-prefix-map=${from}=${to}`)]
const defined = {
  CMAKE_TOOLCHAIN_FILE: join(import.meta.dirname, 'zig.cmake'),
  ZIG,
  ZIG_TARGET,
  CMAKE_BUILD_TYPE: 'Release',
  CMAKE_CXX_FLAGS: flags.join(' '),
  // All sources of a library at once: headers are read once, in a fifth of the time.
  CMAKE_UNITY_BUILD: 'ON',
  CMAKE_UNITY_BUILD_BATCH_SIZE: '0',
  CMAKE_LIBRARY_OUTPUT_DIRECTORY: join(process.cwd(), 'build/Release'),
  CMAKE_JS_INC: includes.join(';'),
  CMAKE_JS_LIB: PREBUILD_PLATFORM === 'win32' ? importLibraries().join(';') : '',
}
const definitions = Object.entries(defined).map(([name, value]) => `-D${name}=${value}`)
run('cmake', ['-S', root, '-B', 'cmake', ...definitions])
run('cmake', ['--build', 'cmake', '--target', 'packetbeat_native', '--parallel', `${availableParallelism()}`])
