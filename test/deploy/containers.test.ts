import { deepEqual, equal, ok } from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { parseAllDocuments } from 'yaml'
import { cached, run } from '../live/support/cache.js'
import { command, notBuilt, repository } from '../support/command.js'

const folder = mkdtempSync(join(tmpdir(), 'packetbeat-deploy-'))
after(() => rmSync(folder, { recursive: true }))
const manifest = join(repository, 'deploy/kubernetes/packetbeat-native.yaml')
const image = join(repository, 'deploy/docker')

/** What `test config` says about a configuration, in an environment with nothing but these. */
const tested = (text: string): [number | null, string, string] => {
  const file = join(folder, 'packetbeat.yml')
  writeFileSync(file, text, { mode: 0o600 })
  const { status, stdout, stderr } = command(['test', 'config', '-c', file])
  return [status, stdout, stderr]
}
const right = [0, 'Config OK\n', '']

describe('the DaemonSet', () => {
  const documents = parseAllDocuments(readFileSync(manifest, 'utf8')).map((each) => {
    deepEqual([...each.errors, ...each.warnings], [])
    return each.toJS()
  })
  const of = (kind: string) => documents.find((each) => each.kind === kind)
  const pod = of('DaemonSet').spec.template.spec
  const [container] = pod.containers

  it('has a configuration that is right, and needs no variable but those it is given', {
    skip: notBuilt,
  }, () => {
    const given = container.env.map(({ name }: { name: string }) => name)
    const text: string = of('ConfigMap').data['packetbeat.yml']
    const needed = [...text.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name)
    deepEqual([...new Set(needed)], given)
    deepEqual(tested(text.replaceAll(/\$\{NODE_NAME\}/g, 'node-1')), right)
  })

  it('mounts what the configuration writes to, and reads its token as whom it becomes', () => {
    const config = parseAllDocuments(of('ConfigMap').data['packetbeat.yml'])[0]?.toJS()
    equal(config['packetbeat.run_as'], `${pod.securityContext.fsGroup}:${pod.securityContext.fsGroup}`)
    const { mountPath } = container.volumeMounts.find(({ name }: { name: string }) => name === 'data')
    ok(config['path.data'].startsWith(`${mountPath}/`))
    deepEqual(container.securityContext.capabilities.drop, ['ALL'])
    equal(container.securityContext.readOnlyRootFilesystem, true)
  })
})

describe('the DaemonSet, as Kubernetes describes it', () => {
  let python: string | undefined
  before(async () => {
    python = await cached('python-kubernetes-validate-1.37.0', async (into) => {
      await run('python3', '-m', 'venv', into)
      await run(join(into, 'bin/python3'), '-m', 'pip', 'install', '--quiet', 'kubernetes-validate==1.37.0')
    }).catch(() => undefined)
  })

  it('has each field in its place', (t) => {
    if (python === undefined) return t.skip('needs python3-venv, and kubernetes-validate of PyPI')
    const { status, stdout, stderr } = spawnSync(
      join(python, 'bin/python3'),
      ['-m', 'kubernetes_validate', '--strict', '--quiet', manifest],
      { encoding: 'utf8' },
    )
    deepEqual([status, stdout, stderr], [0, '', ''])
  })
})

describe('the image', () => {
  it('has a configuration that is right', { skip: notBuilt }, () => {
    deepEqual(tested(readFileSync(join(image, 'packetbeat.yml'), 'utf8')), right)
  })
})
