import { spawnSync } from 'node:child_process'
import { readFileSync, readlinkSync } from 'node:fs'
import type { Event } from './capture.js'
import { cli } from './needs.js'
import { call } from './processes.js'

/** What /proc says of a process that runs, as events have it, without its start. */
export function processAt(pid: number): Event {
  const folder = `/proc/${pid}`
  const stat = readFileSync(`${folder}/stat`, 'latin1')
  return {
    pid,
    name: readFileSync(`${folder}/comm`, 'utf8').trimEnd(),
    args: readFileSync(`${folder}/cmdline`, 'utf8').replace(/\0+$/, '').split('\0'),
    executable: readlinkSync(`${folder}/exe`),
    parent: { pid: Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) },
    working_directory: readlinkSync(`${folder}/cwd`),
  }
}

/** A process of an event without its start, after a look whether that was within the last minute. */
export function timeless({ start, ...rest }: Event): Event {
  const age = Date.now() - Date.parse(start)
  if (!(age > -1000 && age < 60_000)) throw new Error(`no start within the last minute: ${start}`)
  return rest
}

/** Processes that listen on a port there. */
export async function listening(namespace: string, port: number): Promise<number[]> {
  const said = await call(namespace, ['ss', '-Hltunp', `sport = :${port}`])
  return [...new Set([...said.matchAll(/pid=(\d+)/g)].map(([, pid]) => Number(pid)))].sort((a, b) => a - b)
}

/** A server on port 7000 that forks for each connection; the child answers an HTTP request with its number. */
export const forking = `
import os, signal, socket
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
server = socket.create_server(("", 7000), backlog=128)
while True:
    connection, _ = server.accept()
    if os.fork() == 0:
        server.close()
        connection.recv(1000)
        pid = b"%d" % os.getpid()
        connection.sendall(b"HTTP/1.1 200 OK\\r\\nContent-Length: %d\\r\\n\\r\\n%s" % (len(pid), pid))
        connection.recv(1000)
        os._exit(0)
    connection.close()
`

/** Its client: prints that number, and stays connected for a moment. */
export const fromForking = `
import socket, time
connection = socket.create_connection(("127.0.0.1", 7000))
connection.sendall(b"GET / HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n")
print(connection.recv(1000).split(b"\\r\\n\\r\\n")[1].decode())
time.sleep(0.1)
`

/** Asks a name server for an address over UDP, from a socket that is connected or not, and stays for a moment. */
export const question = `
import socket, sys, time
host, how = sys.argv[1:]
family = socket.AF_INET6 if ":" in host else socket.AF_INET
query = b"\\x12\\x34\\x01\\x00\\x00\\x01" + b"\\x00" * 6 + b"\\x03www\\x04shop\\x07example\\x00\\x00\\x01\\x00\\x01"
client = socket.socket(family, socket.SOCK_DGRAM)
client.settimeout(5)
if how == "connected":
    client.connect((host, 53))
    client.send(query)
else:
    client.sendto(query, (host, 53))
client.recv(1000)
time.sleep(0.1)
`

/** Words before the command, so that it may capture and nothing else; undefined where other users cannot read it. */
export function asNobody(): string[] | undefined {
  const rights = ['--inh-caps=-all,+net_raw,+net_admin', '--ambient-caps=-all,+net_raw,+net_admin']
  const nobody = ['setpriv', '--reuid=nobody', '--regid=nogroup', '--clear-groups', ...rights]
  const [command = '', ...words] = [...nobody, process.execPath, cli, 'version']
  return spawnSync(command, words).status === 0 ? nobody : undefined
}
