import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { folder } from './folder.js'
import { type Network, serve, write } from './network.js'

/** What listens where; the usual ports of TLS, each with a server of its own kind. */
export const ports = {
  /** nginx: TLS 1.2 and 1.3, a chain of RSA certificates, ALPN, tickets and session ids. */
  web: 443,
  /** OpenSSL: TLS 1.0 and 1.1. */
  old: 993,
  /** OpenSSL: TLS 1.3 with Ed25519, for clients that offer another group first. */
  retry: 995,
  /** Accepts connections, and says nothing. */
  silent: 5223,
  /** OpenSSL: wants a client certificate; TLS 1.2 with ECDSA, and an OCSP response for who asks. */
  mutual: 8443,
  /** nginx: HTTP without TLS. */
  plain: 8883,
  /** OpenSSL: the same as `mutual` in TLS 1.3. */
  mutual13: 9243,
} as const

/** Where the certificates are. */
export interface TlsServers {
  home: string
}

/** Certificates of each kind, made anew: a root, an intermediate, servers and a client. */
function certificates(home: string): void {
  const openssl = (...words: string[]) =>
    execFileSync('openssl', words, { cwd: home, stdio: ['ignore', 'ignore', 'pipe'] })
  const kinds: Record<string, string[]> = {
    rsa: ['-newkey', 'rsa:2048'],
    ecdsa: ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'],
    ed25519: ['-newkey', 'ed25519'],
  }
  const made = (name: string, kind: string, subject: string, ...signed: string[]) =>
    openssl(
      ...['req', '-x509', '-nodes', ...(kinds[kind] as string[]), '-days', '30', '-subj', subject],
      ...['-keyout', `${name}.key`, '-out', `${name}.pem`, ...signed],
    )
  const by = (issuer: string) => ['-CA', `${issuer}.pem`, '-CAkey', `${issuer}.key`]
  const names = ['-addext', 'subjectAltName=DNS:shop.example,DNS:*.shop.example,IP:192.0.2.1']
  made('root', 'ecdsa', '/C=DE/O=Tests/CN=Root')
  made('middle', 'rsa', '/C=DE/O=Tests/CN=Middle', ...by('root'))
  made('web', 'rsa', '/C=DE/O=Tests/OU=Web/CN=shop.example', ...by('middle'), ...names)
  made('ecdsa', 'ecdsa', '/O=Tests/CN=ecdsa.example', ...by('root'), ...names)
  made('ed25519', 'ed25519', '/O=Tests/CN=ed.example', ...by('root'), ...names)
  made('client', 'ecdsa', '/O=Tests/CN=client 7', ...by('root'))
  execFileSync('sh', ['-c', 'cat web.pem middle.pem > chain.pem'], { cwd: home })
}

/** A response about the ECDSA certificate, from the authority that signed it. */
function ocspResponse(home: string): string {
  const ocsp = (...words: string[]) =>
    execFileSync('openssl', ['ocsp', ...words], { cwd: home, stdio: ['ignore', 'ignore', 'pipe'] })
  write(join(home, 'index.txt'), '')
  ocsp('-issuer', 'root.pem', '-cert', 'ecdsa.pem', '-no_nonce', '-reqout', 'ocsp.request')
  ocsp(
    ...['-index', 'index.txt', '-CA', 'root.pem', '-rsigner', 'root.pem', '-rkey', 'root.key'],
    ...['-ndays', '1', '-reqin', 'ocsp.request', '-respout', 'ocsp.response'],
  )
  return join(home, 'ocsp.response')
}

/** nginx on `ports.web` with that certificate, and on `ports.plain` without. */
async function nginx(network: Network, home: string, certificate: string): Promise<void> {
  const file = write(
    join(home, 'nginx.conf'),
    `daemon off; pid ${home}/pid; user root; error_log stderr;
events {}
http {
  access_log off;
  client_body_temp_path ${home}; proxy_temp_path ${home}; fastcgi_temp_path ${home};
  ssl_session_cache shared:a:1m;
  server {
    listen ${ports.web} ssl http2; listen [::]:${ports.web} ssl http2; root ${home}/html;
    ${certificate}; ssl_protocols TLSv1.2 TLSv1.3; ssl_early_data on;
  }
  server { listen ${ports.plain}; listen [::]:${ports.plain}; root ${home}/html; }
}
`,
  )
  await serve(network, ['nginx', '-c', file, '-p', home], ports.web)
}

/** nginx alone, with an ECDSA certificate: handshakes that cost little. */
export async function nginxWithTls(network: Network): Promise<void> {
  const home = folder()
  certificates(home)
  mkdirSync(join(home, 'html'))
  write(join(home, 'html', 'index.html'), 'hello')
  await nginx(network, home, `ssl_certificate ${home}/ecdsa.pem; ssl_certificate_key ${home}/ecdsa.key`)
}

export async function tls(network: Network): Promise<TlsServers> {
  const home = folder()
  certificates(home)
  mkdirSync(join(home, 'html'))
  write(join(home, 'html', 'index.html'), 'hello')
  await nginx(network, home, `ssl_certificate ${home}/chain.pem; ssl_certificate_key ${home}/web.key`)
  const openssl = (port: number, certificate: string, ...words: string[]) =>
    serve(
      network,
      [
        ...['openssl', 's_server', '-accept', String(port), '-quiet', '-naccept', '1000000', '-rev'],
        ...['-cert', `${home}/${certificate}.pem`, '-key', `${home}/${certificate}.key`, ...words],
      ],
      port,
    )
  const verifying = ['-CAfile', `${home}/root.pem`, '-Verify', '3', '-verify_return_error']
  await openssl(ports.old, 'ecdsa', '-cipher', 'ALL:@SECLEVEL=0', '-no_tls1_2', '-no_tls1_3')
  await openssl(ports.retry, 'ed25519', '-tls1_3', '-groups', 'P-384')
  await openssl(ports.mutual, 'ecdsa', ...verifying, '-tls1_2', '-status_file', ocspResponse(home))
  await openssl(ports.mutual13, 'ecdsa', ...verifying, '-tls1_3')
  const silent = `require('node:net').createServer((socket) => socket.on('error', () => {})).listen(${ports.silent}, '::')`
  await serve(network, [process.execPath, '-e', silent], ports.silent)
  return { home }
}
