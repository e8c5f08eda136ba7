// Every file in examples/ says at its head how it is called and what it prints then. It is run so, from the root of the
// checkout, where its import of this package is the one that was built.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { notBuilt, repository } from './support/command.js'
import { assertPrinted, told } from './support/example.js'

const folder = join(repository, 'examples')
const examples = existsSync(folder)
  ? readdirSync(folder).filter((name) => /\.(js|mjs|cjs|ts)$/.test(name))
  : []

describe('examples', { skip: notBuilt }, () => {
  for (const name of examples)
    it(`${name} prints what it says`, () => {
      const text = readFileSync(join(folder, name), 'utf8')
      assert.ok(text.trimEnd().split('\n').length < 40, 'it is too long for an example')
      const head = told(text)
      assert.equal(head.arguments[0], `examples/${name}`)
      const loader = name.endsWith('.ts') ? ['--import', 'tsx'] : []
      const { status, stdout, stderr } = spawnSync(process.execPath, [...loader, ...head.arguments], {
        cwd: repository,
        encoding: 'utf8',
        timeout: 60_000,
      })
      assert.equal(status, 0, stderr)
      assertPrinted(stdout, head)
    })
})

describe('the head of an example', () => {
  const head =
    '// Says hello.\n//\n//   $ node examples/hello.js a.pcap\n//   hello (1)\n//   …\n//   end\n\nfoo()\n'

  it('says the call and the output', () => {
    assert.deepEqual(told(head), {
      arguments: ['examples/hello.js', 'a.pcap'],
      output: ['hello (1)', '…', 'end'],
    })
    assert.throws(() => told('// Says hello.\n\nfoo()\n'), /how it is called/)
    assert.throws(() => told('// $ node examples/hello.js\nfoo()\n'), /what it prints/)
  })

  it('is held against what is printed', () => {
    assertPrinted('hello (1)\n2\n3\nend\n', told(head))
    assertPrinted('hello (1)\nend\n', told(head))
    for (const wrong of ['hello 1\nend\n', 'hello (1)\n', 'hello (1)\nend\nmore\n', ''])
      assert.throws(() => assertPrinted(wrong, told(head)), assert.AssertionError)
  })
})
