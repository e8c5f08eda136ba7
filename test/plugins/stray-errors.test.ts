import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { command, type Ended, events, notBuilt } from '../support/command.js'
import { capture, folderWith, protocolModule } from './support.js'

/** Runs the command with a protocol whose conversations do that with their first bytes. */
function ran(data: string): Ended {
  const start = `let before = false
    return (endpoints) => ({
      data(segment) {
        if (!before) { ${data} }
        before = true
        context.emit(endpoints, transaction(segment.time))
      },
    })`
  const folder = folderWith({ 'own.mjs': protocolModule({ start }) })
  const options = ['packetbeat.plugins=./own.mjs', 'packetbeat.flows.enabled=false']
  const given = options.flatMap((each) => ['-E', each])
  return command(['run', '-e', '-I', capture, '--path.home', folder, ...given], { cwd: '/' })
}

describe('an error of a plug-in that nobody handles', { skip: notBuilt }, () => {
  const ways: [string, string][] = [
    ['is rejected where nobody waits', `(async () => { await null; throw new Error('lost') })()`],
    ['is thrown from a callback', `queueMicrotask(() => { throw new Error('lost') })`],
  ]
  for (const [what, data] of ways)
    it(`${what} is counted, and the run goes on to its end`, () => {
      const { status, stdout, stderr } = ran(data)
      assert.equal(status, 0, stderr)
      assert.ok(events(stdout).length > 10)
      assert.match(stderr, /plug-in \.\/own\.mjs: an error that nobody handles: lost at \S+own\.mjs:\d+/)
      assert.match(stderr, /"?plugins"?[:.]\{?"?stray_errors"?[:=] ?1/)
    })

  it('is thrown when the run is over does not end the command badly', () => {
    const { status, stderr } = ran(`setImmediate(() => { throw new Error('lost') })`)
    assert.equal(status, 0, stderr)
  })

  it('that is not known to be its own ends the program', () => {
    const { status, stderr } = ran(`setImmediate(() => { throw 'somebody' })`)
    assert.equal(status, 1)
    assert.match(stderr, /'somebody'/)
  })
})
