import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { containerOf, containerOfGroups } from '../../lib/proc/cgroup.js'
import { parseStat, readProcess } from '../../lib/proc/process.js'

const id = '4c5a5ae5790af503ed73dba4448750f47c89d6c5ded88c01913443713e32378f'
const pod = 'kubepods-besteffort-pod2b4a1c9a_7a20.slice'

const groups: [what: string, text: string, found: string | undefined][] = [
  ['Docker, version 1', `9:name=systemd:/docker/${id}\n1:cpu:/docker/${id}\n`, id],
  ['Docker, version 2', `0::/system.slice/docker-${id}.scope\n`, id],
  ['Docker, below it', `0::/docker/${id}/system.slice/ssh.service\n`, id],
  ['containerd', `0::/kubepods.slice/${pod}/cri-containerd-${id}.scope\n`, id],
  ['CRI-O', `0::/kubepods.slice/${pod}/crio-${id}.scope/container\n`, id],
  ['containerd with cgroupfs', `4:memory:/kubepods/burstable/pod1234/${id}\n`, id],
  ['containerd behind colons', `0::/system.slice/kubepods:cri-containerd:${id}\n`, id],
  ['Podman', `0::/machine.slice/libpod-${id}.scope/container\n`, id],
  [
    'Fargate',
    '1:cpu:/ecs/4a1b/0123456789abcdef0123456789abcdef-1234567890\n',
    '0123456789abcdef0123456789abcdef-1234567890',
  ],
  ['no container', '9:name=systemd:/\n0::/user.slice/user-1000.slice/session-1.scope\n', undefined],
  ['no id', `0::/docker/${id}0\n`, undefined],
  ['nothing', '', undefined],
  ['nonsense', `0::docker/${id}\n:::\n\0`, undefined],
]

describe('the container of a process', () => {
  for (const [what, text, found] of groups)
    it(`is told from its control groups: ${what}`, () => assert.equal(containerOfGroups(text), found))

  it('is the last part below a prefix, or what a pattern finds, where they are given', () => {
    const text = '1:cpu:/garden/abc\n2:memory:/garden/abc\n'
    assert.equal(containerOfGroups(text, { prefixes: ['/kubepods', '/garden'] }), 'abc')
    assert.equal(containerOfGroups(text, { prefixes: ['/docker'] }), undefined)
    assert.equal(containerOfGroups(text, { pattern: /garden\/(\w+)/ }), 'abc')
    assert.equal(containerOfGroups('0::/\n', { prefixes: ['/'] }), undefined)
  })

  it('is told from the inside by what Docker puts into it', (t) => {
    const host = mkdtempSync(join(tmpdir(), 'proc-'))
    t.after(() => rmSync(host, { recursive: true }))
    mkdirSync(join(host, 'proc/7'), { recursive: true })
    writeFileSync(join(host, 'proc/7/cgroup'), '0::/\n')
    const mount = `714 686 254:1 /var/lib/docker/containers/${id}/hostname /etc/hostname rw - ext4 /dev/vda1 rw\n`
    writeFileSync(join(host, 'proc/7/mountinfo'), mount)
    assert.equal(containerOf(7, { hostPath: host }), id)
    assert.equal(containerOf(8, { hostPath: host }), undefined)
  })
})

describe('a process', () => {
  it('may have anything in its name', () => {
    const rest = `S 1 ${'0 '.repeat(17)}4711 9`
    assert.deepEqual(parseStat(`5 (a) b (c)) ${rest}`), { name: 'a) b (c)', parent: 1, ticks: 4711 })
    for (const bad of ['', '5', '5 (a', '5 (a)', '5 (a) S', ') (']) assert.equal(parseStat(bad), undefined)
  })

  it('is read as the kernel has it', { skip: process.platform !== 'linux' && 'needs Linux' }, () => {
    const { name, args, executable, parent, start, user } = readProcess(process.pid) ?? assert.fail()
    assert.deepEqual(
      [args[0], executable, parent, user],
      [process.argv0, process.execPath, process.ppid, process.getuid?.()],
    )
    assert.ok(name.startsWith('node'))
    const age = Date.now() - (start?.getTime() ?? 0) - process.uptime() * 1000
    assert.ok(Math.abs(age) < 2500, `${age} ms`)
    assert.equal(readProcess(2 ** 30), undefined)
  })
})
