import { deepEqual, equal, ok } from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { after, before, describe, test } from 'node:test'
import { type Processing, processing } from '../processors/support.js'
import { type Daemon, dockerd, IMAGE } from './support/docker.js'
import { lacking } from './support/needs.js'
import { until } from './support/processes.js'

/** The image has nothing but this program, so it must not need libraries: ldd answers 0 where it does. */
const needsLibraries = (): string | false =>
  spawnSync('sh', ['-c', 'ldd "$(command -v busybox)"']).status === 0 &&
  'needs the Debian package busybox-static'
const skip = lacking('dockerd', 'busybox') || needsLibraries()

describe('add_docker_metadata with Docker', { skip }, () => {
  let daemon: Daemon
  let made: Processing
  const labels = ['--label', 'com.example.team=shop', '--label', 'stage=test']
  const run = (name: string, ...words: string[]) =>
    daemon.docker(
      'run',
      '-d',
      '--network=none',
      '--name',
      name,
      ...words,
      IMAGE,
      '/bin/busybox',
      'sleep',
      '600',
    )
  const pidOf = (name: string) => Number(daemon.docker('inspect', name, '--format', '{{.State.Pid}}'))
  const nameOf = async (event: object) =>
    ((await made.of({ ...event })) as { container?: { name: string } }).container?.name

  before(async () => {
    daemon = await dockerd()
    run('early', ...labels)
    made = processing(
      [{ add_docker_metadata: { host: daemon.host, match_fields: ['id'], cleanup_timeout: '1s' } }],
      {
        patient: true,
      },
    )
  })
  after(() => {
    made?.end()
    daemon?.stop()
  })

  test('a process in a container is told by its number, and the container by its id', async () => {
    const pid = pidOf('early')
    const id = daemon.docker('inspect', 'early', '--format', '{{.Id}}')
    const container = {
      id,
      name: 'early',
      image: { name: IMAGE },
      labels: { com_example_team: 'shop', stage: 'test' },
    }
    deepEqual(await made.of({ process: { pid } }), { process: { pid }, container })
    deepEqual(await made.of({ id }), { id, container })
    deepEqual(await made.of({ log: { file: { path: `/var/lib/docker/containers/${id}/x.log` } } }), {
      log: { file: { path: `/var/lib/docker/containers/${id}/x.log` } },
      container,
    })
    for (const other of [{ process: { pid: process.pid } }, { id: id.slice(0, 12) }, { id: 'x' }, {}])
      deepEqual(await made.of(other), other)
  })

  test('containers that start, are renamed and end are followed', async () => {
    const id = run('late')
    const began = performance.now()
    await until('the new container to be known', async () => (await nameOf({ id })) === 'late')
    ok(performance.now() - began < 2000)
    daemon.docker('rename', 'late', 'renamed')
    await until('its new name to be known', async () => (await nameOf({ id })) === 'renamed')
    daemon.docker('rm', '-f', 'renamed')
    equal(await nameOf({ id }), 'renamed')
    await until('it to be forgotten', async () => (await nameOf({ id })) === undefined)
    equal(await nameOf({ process: { pid: pidOf('early') } }), 'early')
    equal(made.run.counters['processors.add_docker_metadata.failed_connections'], 0)
  })

  test('one that lives for a moment is known', async () => {
    const id = daemon.docker('run', '-d', '--network=none', '--name', 'brief', IMAGE, '/bin/busybox', 'true')
    await until('it to be known', async () => (await nameOf({ id })) === 'brief')
  })
})
