import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { access } from '../../../lib/processors/add-kubernetes-metadata/access.js'
import { logsMatcher } from '../../../lib/processors/add-kubernetes-metadata/matchers.js'
import { readPod } from '../../../lib/processors/add-kubernetes-metadata/pod.js'

describe('add_kubernetes_metadata', () => {
  it('has the files of its service account in a pod', (t) => {
    const account = mkdtempSync(join(tmpdir(), 'account-'))
    t.after(() => rmSync(account, { recursive: true }))
    for (const [name, text] of Object.entries({ token: 'one\n', namespace: 'shop\n', 'ca.crt': 'x' }))
      writeFileSync(join(account, name), text)
    const env = { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '6443' }
    const found = access({ file: undefined, env, account })
    assert.deepEqual([found?.server, found?.namespace], ['https://[fd00::1]:6443', 'shop'])
    assert.deepEqual(found?.headers(), { authorization: 'Bearer one' })
    writeFileSync(join(account, 'token'), 'two')
    assert.deepEqual(found?.headers(), { authorization: 'Bearer two' })
    assert.equal(access({ file: undefined, env: {}, account }), undefined)
  })

  it('says what is wrong with a kubeconfig', (t) => {
    const home = mkdtempSync(join(tmpdir(), 'kube-'))
    t.after(() => rmSync(home, { recursive: true }))
    const file = join(home, 'config')
    const context = { name: 'c', context: { cluster: 'k', user: 'u' } }
    const cases: [object, RegExp][] = [
      [{}, /there is no context undefined/],
      [{ 'current-context': 'c', contexts: [context] }, /there is no cluster k/],
      [
        {
          'current-context': 'c',
          contexts: [context],
          clusters: [{ name: 'k', cluster: { server: 'https://x' } }],
          users: [{ name: 'u', user: { exec: {} } }],
        },
        /exec are not supported/,
      ],
    ]
    for (const [config, message] of cases) {
      writeFileSync(file, JSON.stringify(config))
      assert.throws(() => access({ file, env: {} }), message)
      assert.throws(() => access({ file: undefined, env: { KUBECONFIG: `${file}:other` } }), message)
    }
  })

  it('reads pods that lack anything', () => {
    for (const bad of [{}, { metadata: { uid: 1 } }, { metadata: [] }, { metadata: { uid: 'u', name: 'n' } }])
      assert.equal(readPod(bad), undefined)
    const bare = readPod({
      metadata: { uid: 'u', name: 'n', namespace: 's', labels: [1], ownerReferences: 'x' },
      spec: { containers: [null, {}, { name: 'c', ports: [{ containerPort: 'x' }] }] },
      status: { podIPs: [{}, null], containerStatuses: {} },
    })
    assert.deepEqual([bare?.containers.length, bare?.ips, bare?.labels], [1, [], {}])
  })

  it('takes ids from paths of logs', () => {
    const uid = '2b4a1c9a-7a20-4f5e-8f0e-0123456789ab'
    const event = (path: unknown) => ({ log: { file: { path } } })
    const match = logsMatcher('/var/log/pods', 'pod')
    assert.deepEqual(match(event(`/var/log/pods/shop_web_${uid}/main/0.log`)), [uid])
    for (const path of ['/var/log/podsx', '/var/log/pods/x', 5]) assert.deepEqual(match(event(path)), [])
  })
})
