import { join } from 'node:path'
import { folder } from './folder.js'
import { type Network, serve, write } from './network.js'
import { call, type Running, start, until } from './processes.js'

export interface NameServer {
  /** What the program asked for so far, by type and name; what clients asked is not in it. */
  asked(): string[]
  /** It neither answers nor refuses from now on, or answers again. */
  freeze(frozen: boolean): void
  stop(): Promise<number>
}

/** bind in the server's namespace, which speaks nothing but TLS and knows both hosts. Returns the authority to trust. */
export async function namesOverTls(network: Network): Promise<string> {
  const home = folder()
  const [key, cert] = [join(home, 'key.pem'), join(home, 'cert.pem')]
  const subject = ['-subj', '/CN=names', '-addext', `subjectAltName=IP:${network.ip4}`]
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
  await call(network.server, ['openssl', 'req', '-x509', ...kind, '-keyout', key, '-out', cert, ...subject])
  const records =
    '$TTL 60\n@ SOA ns admin 1 60 60 60 60\n@ NS ns.example.\n1 PTR server.example.\n2 PTR client.example.\n'
  const zone = write(join(home, 'zone'), records)
  const config = write(
    join(home, 'named.conf'),
    `tls own { cert-file "${cert}"; key-file "${key}"; };
options {
  directory "${home}"; listen-on { none; }; listen-on-v6 { none; }; listen-on port 853 tls own { any; };
  recursion no; pid-file none; session-keyfile none; lock-file none; dnssec-validation no; empty-zones-enable no;
};
controls { };
zone "2.0.192.in-addr.arpa" { type master; file "${zone}"; };
`,
  )
  await serve(network, ['named', '-g', '-c', config, '-n', '1'], 853)
  return cert
}

/** dnsmasq in the server's namespace: it knows both hosts and `names`, and nobody else. */
export async function reverseNames(
  network: Network,
  names: Readonly<Record<string, string>>,
): Promise<NameServer> {
  const home = folder()
  const hosts = write(
    join(home, 'hosts'),
    Object.entries(names)
      .map(([ip, name]) => `${ip} ${name}\n`)
      .join(''),
  )
  const words = ['--keep-in-foreground', '--no-resolv', '--no-hosts', `--addn-hosts=${hosts}`, '--local=/#/']
  const log = [
    '--log-queries=extra',
    '--log-facility=-',
    '--local-ttl=300',
    '--user=root',
    `--pid-file=${home}/pid`,
  ]
  const running: Running = start(network.server, ['dnsmasq', ...words, ...log, '--port=53'])
  await until('dnsmasq to listen', async () => {
    if (!running.alive()) throw new Error(`dnsmasq ended: ${running.stderr()}`)
    return (await call(network.server, ['ss', '-Hlun', 'sport = :53'])) !== ''
  })
  return {
    asked: () =>
      [...running.stderr().matchAll(/ query\[(\w+)\] (\S+) from (\S+)$/gm)]
        .filter(([, , , from]) => from === network.ip4)
        .map(([, type, name]) => `${type} ${name}`),
    freeze: (frozen) => running.signal(frozen ? 'SIGSTOP' : 'SIGCONT'),
    stop: () => {
      running.signal('SIGCONT')
      return running.stop()
    },
  }
}
