import { readFileSync, readlinkSync } from 'node:fs'
import type { Event } from './capture.js'
import { call } from './processes.js'

/** What /proc says of a process that runs, as events have it. */
export function processAt(pid: number): Event {
  const folder = `/proc/${pid}`
  const stat = readFileSync(`${folder}/stat`, 'latin1')
  return {
    pid,
    name: readFileSync(`${folder}/comm`, 'utf8').trimEnd(),
    args: readFileSync(`${folder}/cmdline`, 'utf8').replace(/\0+$/, '').split('\0'),
    executable: readlinkSync(`${folder}/exe`),
    parent: { pid: Number(stat.slice(stat.lastIndexOf(')') + 1).split(' ')[2]) },
    working_directory: readlinkSync(`${folder}/cwd`),
  }
}

/** Without what only time tells, after a look whether it is a time of today. */
export function timeless(process: Event): Event {
  const { start, ...rest } = process ?? {}
  if (process !== undefined && !(Math.abs(Date.now() - Date.parse(start)) < 86_400_000))
    throw new Error(`no time of today: ${start}`)
  return rest
}

/** Processes that listen on a port there. */
export async function listening(namespace: string, port: number): Promise<number[]> {
  const said = await call(namespace, ['ss', '-Hltunp', `sport = :${port}`])
  return [...new Set([...said.matchAll(/pid=(\d+)/g)].map(([, pid]) => Number(pid)))].sort((a, b) => a - b)
}

/** A server that forks for each connection, and a process for each that is not waited for; on port 7000. */
export const forking = `
import os, signal, socket
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
server = socket.create_server(("", 7000), backlog=128)
while True:
    connection, _ = server.accept()
    if os.fork() == 0:
        server.close()
        connection.recv(1000)
        connection.sendall(b"HTTP/1.1 200 OK\\r\\nContent-Length: %d\\r\\n\\r\\n%d" % (len(str(os.getpid())), os.getpid()))
        connection.recv(1000)
        os._exit(0)
    connection.close()
`
