import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** The Debian package of each tool that these tests call; .ci/packages.txt has them all. */
const packages: Readonly<Record<string, string>> = {
  bash: 'bash',
  busybox: 'busybox-static',
  capsh: 'libcap2-bin',
  curl: 'curl',
  dhclient: 'isc-dhcp-client',
  dig: 'bind9-dnsutils',
  dnsmasq: 'dnsmasq-base',
  dockerd: 'docker.io',
  ethtool: 'ethtool',
  'ganesha.nfsd': 'nfs-ganesha nfs-ganesha-vfs',
  go: 'golang-go',
  ip: 'iproute2',
  java: 'default-jre-headless',
  javac: 'default-jdk-headless',
  'kea-dhcp4': 'kea-dhcp4-server',
  mariadb: 'mariadb-client',
  'mariadb-install-db': 'mariadb-server',
  mariadbd: 'mariadb-server',
  'mariadb-slap': 'mariadb-client',
  memccat: 'libmemcached-tools',
  memcached: 'memcached',
  memcslap: 'libmemcached-tools',
  mvn: 'maven',
  named: 'bind9',
  'nfs-cat': 'libnfs-utils',
  'nfs-cp': 'libnfs-utils',
  'nfs-ls': 'libnfs-utils',
  nginx: 'nginx-light',
  openssl: 'openssl',
  pg_ctl: 'postgresql',
  pgbench: 'postgresql-contrib',
  ping: 'iputils-ping',
  postgres: 'postgresql',
  psql: 'postgresql-client',
  python3: 'python3-venv',
  'rabbitmq-server': 'rabbitmq-server',
  'redis-cli': 'redis-tools',
  'redis-server': 'redis-server',
  rpcbind: 'rpcbind',
  setpriv: 'util-linux',
  sipp: 'sip-tester',
  sysbench: 'sysbench',
  systemctl: 'systemd',
  'systemd-analyze': 'systemd',
  tcpdump: 'tcpdump',
  thrift: 'thrift-compiler',
  tshark: 'tshark',
  udhcpc: 'udhcpc',
  unshare: 'util-linux',
  unzip: 'unzip',
}

export const root = join(import.meta.dirname, '../../..')
export const cli = join(root, 'dist/cli.js')

// Debian keeps servers out of the path of ordinary users, and su keeps theirs; PostgreSQL it keeps by its version.
const postgres = existsSync('/usr/lib/postgresql')
  ? readdirSync('/usr/lib/postgresql').map((version) => `:/usr/lib/postgresql/${version}/bin`)
  : []
export const path = `${process.env.PATH}:/usr/local/sbin:/usr/sbin:/sbin${postgres.join('')}`

const libraries = ['/usr/lib', '/lib'].flatMap((base) =>
  ['', 'x86_64-linux-gnu', 'aarch64-linux-gnu', 'arm-linux-gnueabihf'].map((triple) => join(base, triple)),
)

/** Why tests that need root, `ip` and these tools cannot run here, for `skip`; false when they can. */
export function lacking(...tools: string[]): string | false {
  if (process.platform !== 'linux') return 'needs Linux, for its network namespaces'
  if (process.getuid?.() !== 0) return 'needs root, for its network namespaces'
  if (!existsSync(cli)) return `needs ${cli}: npm run build:lib`
  const missing = ['ip', 'ethtool', ...tools].filter((tool) => !installed(tool))
  if (missing.length > 0)
    return `needs the Debian packages ${missing.map((tool) => packages[tool]).join(', ')}`
  return libraries.some((folder) => existsSync(join(folder, 'libpcap.so.0.8')))
    ? false
    : 'needs the Debian package libpcap0.8'
}

const installed = (tool: string): boolean =>
  path.split(':').some((folder) => folder !== '' && existsSync(join(folder, tool)))
