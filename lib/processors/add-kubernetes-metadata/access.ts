import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { ConnectionOptions } from 'node:tls'
import { parse } from 'yaml'
import { isObject } from '../../events/document.js'
import type { Document } from '../../events/writer.js'

/** How to talk to the API server of a cluster. */
export interface Access {
  server: string
  tls: ConnectionOptions
  /** Of each request: tokens are renewed while a program runs. */
  headers(): Record<string, string>
  /** Where this program's own pod is; undefined outside the cluster. */
  namespace: string | undefined
  /** What the configuration calls the cluster. */
  cluster: string | undefined
}

export interface AccessOptions {
  /** A kubeconfig file; undefined: as the environment says. */
  file: string | undefined
  env: Readonly<Record<string, string | undefined>>
  /** Of the files that a pod has of its service account. */
  account?: string
}

const ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount'

/**
 * From the file that is named, else from that of KUBECONFIG, else as a pod has it. undefined: this is no cluster.
 * @throws {Error} that says what is wrong with the file.
 */
export function access({ file, env, account = ACCOUNT }: AccessOptions): Access | undefined {
  // Several files may be merged; the first has the current context.
  const config = file ?? env.KUBECONFIG?.split(':').find((path) => path !== '')
  if (config !== undefined) return fromFile(config)
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port = '443' } = env
  if (!host) return undefined
  const authority = host.includes(':') ? `[${host}]` : host
  return {
    server: `https://${authority}:${port}`,
    tls: { ca: readFileSync(`${account}/ca.crt`) },
    headers: () => bearer(readFileSync(`${account}/token`, 'utf8').trim()),
    namespace: readFileSync(`${account}/namespace`, 'utf8').trim(),
    cluster: undefined,
  }
}

function fromFile(file: string): Access {
  const config: unknown = parse(readFileSync(file, 'utf8'))
  if (!isObject(config)) throw new Error(`${file} is no kubeconfig`)
  const context = named(config, 'contexts', String(config['current-context']), 'context', file)
  const clusterName = String(context.cluster)
  const cluster = named(config, 'clusters', clusterName, 'cluster', file)
  const user = context.user === undefined ? {} : named(config, 'users', String(context.user), 'user', file)
  if (typeof cluster.server !== 'string') throw new Error(`${file}: the cluster ${clusterName} has no server`)
  for (const key of ['exec', 'auth-provider'])
    if (user[key] !== undefined) throw new Error(`${file}: users with ${key} are not supported; use a token`)
  const content = (of: Document, key: string) => contentOf(of, key, file)
  const ca = content(cluster, 'certificate-authority')
  const cert = content(user, 'client-certificate')
  const key = content(user, 'client-key')
  const name = cluster['tls-server-name']
  return {
    server: cluster.server.replace(/\/+$/, ''),
    tls: {
      ...(ca !== undefined && { ca }),
      ...(cert !== undefined && { cert }),
      ...(key !== undefined && { key }),
      ...(typeof name === 'string' && { servername: name }),
      rejectUnauthorized: cluster['insecure-skip-tls-verify'] !== true,
    },
    headers: () => credentials(user, file),
    namespace: undefined,
    cluster: clusterName,
  }
}

function named(config: Document, list: string, name: string, what: string, file: string): Document {
  const entries = Array.isArray(config[list]) ? config[list] : []
  const found: unknown = entries.find((entry) => isObject(entry) && entry.name === name)
  const value = isObject(found) ? found[what] : undefined
  if (!isObject(value)) throw new Error(`${file}: there is no ${what} ${name}`)
  return value
}

/** Of `key-data`, in base64, or of the file that `key` names. */
function contentOf(of: Document, key: string, file: string): Buffer | undefined {
  const data = of[`${key}-data`]
  if (typeof data === 'string') return Buffer.from(data, 'base64')
  const path = of[key]
  return typeof path === 'string' ? readFileSync(resolve(dirname(file), path)) : undefined
}

function credentials(user: Document, file: string): Record<string, string> {
  const { token, tokenFile, username, password } = user
  if (typeof tokenFile === 'string')
    return bearer(readFileSync(resolve(dirname(file), tokenFile), 'utf8').trim())
  if (typeof token === 'string') return bearer(token)
  if (typeof username !== 'string') return {}
  return { authorization: `Basic ${Buffer.from(`${username}:${String(password)}`).toString('base64')}` }
}

const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` })
