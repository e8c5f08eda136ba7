import { join } from 'node:path'
import { folder } from './folder.js'
import { type Network, serve, write } from './network.js'

/** Records in the zone shop.example, enough that a transfer takes several segments. */
export const many = 3000

/** Starts bind with a zone of its own, which anybody may transfer. */
export async function named(network: Network): Promise<void> {
  const home = folder()
  const hosts = Array.from({ length: many }, (_, i) => `host${i} A 10.0.${i >> 8}.${i & 255}`)
  const zone = write(
    join(home, 'zone'),
    `$TTL 60
@ SOA ns admin 1 60 60 60 60
@ NS ns
@ MX 10 mail
@ TXT "v=spf1 -all"
@ CAA 0 issue "ca.example"
ns A ${network.ip4}
www A 10.9.9.9
www AAAA 2001:db8::9
alias CNAME www
_sip._udp SRV 1 2 5060 www
long TXT ${Array.from({ length: 12 }, (_, i) => `"${String(i).repeat(200).slice(0, 200)}"`).join(' ')}
${hosts.join('\n')}
`,
  )
  const config = write(
    join(home, 'named.conf'),
    `options {
  directory "${home}"; listen-on { any; }; listen-on-v6 { any; }; recursion no; allow-transfer { any; };
  pid-file none; session-keyfile none; lock-file none; dnssec-validation no; notify no; empty-zones-enable no;
};
controls { };
zone "shop.example" { type master; file "${zone}"; };
`,
  )
  await serve(network, ['named', '-g', '-c', config, '-n', '1'], 53)
}
