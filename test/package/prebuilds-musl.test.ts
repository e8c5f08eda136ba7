// No Node for musl can be had from the registries, so this stands in for it: a program under musl's loader that offers
// the functions of Node-API and opens the addon with all its symbols resolved at once.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, it } from 'node:test'

const addon = join(import.meta.dirname, '../../prebuilds/linux-x64/packetbeat-native.musl.node')
const compiler = '/usr/bin/musl-gcc'
const folder = mkdtempSync(join(tmpdir(), 'musl-test-'))
after(() => rmSync(folder, { recursive: true }))

const skip = !existsSync(addon)
  ? 'needs prebuilds/linux-x64/packetbeat-native.musl.node: npm run prebuild -- linux-x64-musl'
  : !existsSync(compiler) && 'needs the Debian package musl-tools'

it('the addon for musl finds everything in Node-API and in musl', { skip }, () => {
  const { symbols }: { symbols: Record<string, Record<string, string[]>> } = createRequire(import.meta.url)(
    'node-api-headers',
  )
  const offered = Object.values(symbols.v8).flat()
  const source = join(folder, 'host.c')
  writeFileSync(
    source,
    `#include <dlfcn.h>
#include <stdio.h>
${offered.map((name) => `void ${name}(void) {}`).join('\n')}
int main(int count, char** words) {
  void* addon = dlopen(words[1], RTLD_NOW);
  if (!addon) return puts(dlerror()), 1;
  int (*version)(void) = (int (*)(void))dlsym(addon, "node_api_module_get_api_version_v1");
  return printf("Node-API %d\\n", version ? version() : 0), !dlsym(addon, "napi_register_module_v1");
}
`,
  )
  const host = join(folder, 'host')
  execFileSync(compiler, ['-rdynamic', '-o', host, source])
  assert.equal(execFileSync(host, [addon], { encoding: 'utf8' }), 'Node-API 8\n')
})
