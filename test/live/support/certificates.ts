import { execFileSync } from 'node:child_process'
import { folder } from './folder.js'

/** Certificates made anew: an authority `root`, a `server` for this address, a `client`; each NAME.pem and NAME.key. */
export function certificates(address: string): { home: string } {
  const home = folder()
  const made = (name: string, ...more: string[]) =>
    execFileSync(
      'openssl',
      [
        ...['req', '-x509', '-nodes', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'],
        ...['-days', '30', '-subj', `/CN=${name}`, '-keyout', `${name}.key`, '-out', `${name}.pem`, ...more],
      ],
      { cwd: home, stdio: ['ignore', 'ignore', 'pipe'] },
    )
  const signed = ['-CA', 'root.pem', '-CAkey', 'root.key', '-addext', 'basicConstraints=critical,CA:FALSE']
  made('root')
  made('server', ...signed, '-addext', `subjectAltName=IP:${address},DNS:localhost`)
  made('client', ...signed, '-addext', 'extendedKeyUsage=clientAuth')
  return { home }
}
