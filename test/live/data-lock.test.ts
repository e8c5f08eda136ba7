import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { folder } from './support/folder.js'
import { cli, lacking } from './support/needs.js'
import { Network, write } from './support/network.js'
import { start, until } from './support/processes.js'

describe('The data folder of a live capture', { skip: lacking() }, () => {
  let network: Network
  before(() => {
    network = new Network('lo')
  })
  after(() => network.remove())

  test('is its own until it ends, by whatever', async () => {
    const home = folder()
    const data = join(home, 'data')
    const file = write(
      join(home, 'packetbeat.yml'),
      JSON.stringify({
        packetbeat: { interfaces: { device: 'lo' }, protocols: [{ type: 'dns' }] },
        output: { discard: {} },
        path: { data, logs: home },
      }),
    )
    const run = () =>
      start(network.server, [process.execPath, cli, 'run', '-c', file, '-e', '--strict.perms=false'])
    const capturing = async () => {
      const running = run()
      await until('a capture', () => {
        if (!running.alive()) throw new Error(`it ended: ${running.stderr()}`)
        return running.stderr().includes('capturing on lo')
      })
      return running
    }
    const first = await capturing()
    const second = run()
    assert.equal(await second.ended, 3)
    const said = second
      .stderr()
      .split('\n')
      .filter((line) => line.startsWith('Exiting'))
    assert.deepEqual(said, [
      `Exiting: the data folder ${data} is in use by another packetbeat: stop that one, or give this one a folder of its own with --path.data.`,
    ])
    assert.equal(first.alive(), true)
    first.signal('SIGKILL')
    await first.ended
    const third = await capturing()
    assert.equal(await third.stop(), 0)
    const fourth = await capturing()
    assert.equal(await fourth.stop(), 0)
  })
})
