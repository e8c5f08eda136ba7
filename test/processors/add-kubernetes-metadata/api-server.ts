import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'

export const TOKEN = 'a token'

// biome-ignore lint/suspicious/noExplicitAny: objects of the API, of which only a few fields are read.
type Json = any

/** What lists and watches are asked for, as an API server of Kubernetes answers them. */
export interface ApiServer {
  url: string
  /** A kubeconfig file for it. */
  config: string
  /** Objects by their path, such as `/api/v1/pods`; lists are made of them. */
  objects: Record<string, Json[]>
  /** Paths that are refused, and how. */
  refused: Record<string, number>
  /** Paths and parameters, in the order they came. */
  requests: URL[]
  watches: { path: string; response: ServerResponse }[]
  /** Tells those who watch the path. */
  tell(path: string, type: string, object: Json): void
  /** Ends all watches, as the server does after a while. */
  endWatches(): void
}

export async function apiServer(t: TestContext, { encrypted = false } = {}): Promise<ApiServer> {
  const home = mkdtempSync(join(tmpdir(), 'kube-'))
  t.after(() => rmSync(home, { recursive: true }))
  let version = 100
  const made: ApiServer = {
    url: '',
    config: join(home, 'config'),
    objects: {},
    refused: {},
    requests: [],
    watches: [],
    tell(path, type, object) {
      const metadata = { ...object.metadata, resourceVersion: String(++version) }
      for (const watch of made.watches)
        if (watch.path === path)
          watch.response.write(`${JSON.stringify({ type, object: { ...object, metadata } })}\n`)
    },
    endWatches() {
      for (const { response } of made.watches.splice(0)) response.end()
    },
  }
  const answer: RequestListener = (request, response) => {
    const url = new URL(request.url ?? '', 'http://x')
    made.requests.push(url)
    const { pathname, searchParams } = url
    const status = request.headers.authorization === `Bearer ${TOKEN}` ? made.refused[pathname] : 401
    if (status !== undefined) {
      response.writeHead(status).end('{"kind":"Status"}')
      return
    }
    const objects = made.objects[pathname]
    if (searchParams.get('watch') === 'true') {
      response.flushHeaders()
      made.watches.push({ path: pathname, response })
      return
    }
    if (objects === undefined) {
      response.writeHead(404).end('{"kind":"Status"}')
      return
    }
    if (!searchParams.has('limit')) {
      response.end(JSON.stringify(objects[0]))
      return
    }
    // Pages of two, however many were asked for: a server may.
    const from = Number(searchParams.get('continue') ?? 0)
    const more = from + 2 < objects.length ? { continue: String(from + 2) } : {}
    const metadata = { resourceVersion: String(version), ...more }
    response.end(JSON.stringify({ kind: 'List', metadata, items: objects.slice(from, from + 2) }))
  }
  const server = encrypted ? createTlsServer(certificate(home), answer) : createServer(answer)
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  made.url = `${encrypted ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}`
  const cluster = { server: made.url, ...(encrypted && { 'certificate-authority': 'cert.pem' }) }
  writeFileSync(
    made.config,
    JSON.stringify({
      'current-context': 'here',
      contexts: [{ name: 'here', context: { cluster: 'shop', user: 'me' } }],
      clusters: [{ name: 'shop', cluster }],
      users: [{ name: 'me', user: { token: TOKEN } }],
    }),
  )
  return made
}

function certificate(home: string): { key: Buffer; cert: Buffer } {
  const [key, cert] = [join(home, 'key.pem'), join(home, 'cert.pem')]
  const subject = ['-subj', '/CN=api', '-addext', 'subjectAltName=IP:127.0.0.1']
  const words = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  execFileSync('openssl', [...words, '-days', '2', '-keyout', key, '-out', cert, ...subject], {
    stdio: 'ignore',
  })
  return { key: readFileSync(key), cert: readFileSync(cert) }
}

/** A pod with one container that listens on a port. */
export const pod = (name: string, ip: string, more: Json = {}): Json => ({
  metadata: {
    name,
    namespace: 'shop',
    uid: `uid-${name}`,
    labels: { app: name, 'app.kubernetes.io/name': name, 'pod-template-hash': '5d4f' },
    annotations: { 'example.com/owner': 'team', secret: 'x' },
    ownerReferences: [{ kind: 'ReplicaSet', name: `${name}-5d4f`, controller: true }],
    ...more.metadata,
  },
  spec: {
    nodeName: 'node-1',
    containers: [{ name: 'main', image: 'shop/web:1', ports: [{ containerPort: 8080 }] }],
    ...more.spec,
  },
  status: {
    phase: 'Running',
    podIP: ip,
    podIPs: [{ ip }],
    containerStatuses: [{ name: 'main', containerID: `containerd://id-${name}` }],
    ...more.status,
  },
})
