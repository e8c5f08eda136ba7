import { get } from 'node:http'
import { connect, createServer, type Socket } from 'node:net'
import type { Settings } from '../config/settings.js'
import { type Finding, note, ok, problem } from './finding.js'

const UNIX = 'unix://'
const PATIENCE = 2000

/** Whether `http.*` can listen where it is told to. It listens there for a moment, unless that is a file. */
export async function endpoint({ http }: Pick<Settings, 'http'>): Promise<Finding[]> {
  if (http === undefined) return []
  const socket = http.host.startsWith(UNIX) ? http.host.slice(UNIX.length) : undefined
  if (socket !== undefined) return [await file(socket)]
  const host = http.host.replace(/^https?:\/\//, '').replace(/^\[|\]$/g, '')
  const where = `${host}:${http.port}`
  const failure = await listening(host, http.port)
  if (failure === undefined) return [ok('endpoint', `${where} is free`)]
  if (failure.code !== 'EADDRINUSE')
    return [
      problem('configuration', 'endpoint', `cannot listen on ${where}: ${failure.message}`, {
        setting: 'http.port: 5066',
      }),
    ]
  return [
    (await speaks({ host, port: http.port }))
      ? note('endpoint', `${where} is in use by a packetbeat that runs already`)
      : problem('configuration', 'endpoint', `${where} is in use by another program`, {
          command: `sudo ss -ltnp "sport = :${http.port}"`,
        }),
  ]
}

function listening(host: string, port: number): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', resolve)
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)))
  })
}

async function file(path: string): Promise<Finding> {
  const failure = await reaching(path)
  if (failure === undefined)
    return (await speaks({ socketPath: path }))
      ? note('endpoint', `${path} is in use by a packetbeat that runs already`)
      : problem('configuration', 'endpoint', `${path} is in use by another program`, {
          command: `sudo ss -lxp src ${path}`,
        })
  return ['ENOENT', 'ECONNREFUSED'].includes(failure.code ?? '')
    ? ok('endpoint', `${path} is free`)
    : problem('configuration', 'endpoint', `cannot listen on ${path}: ${failure.message}`, {
        command: `ls -ld ${path}`,
      })
}

function reaching(path: string): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((resolve) => {
    const socket: Socket = connect({ path }, () => {
      socket.destroy()
      resolve(undefined)
    })
    socket.once('error', resolve)
  })
}

/** Whether it answers as packetbeat does. */
function speaks(where: { host: string; port: number } | { socketPath: string }): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get({ ...where, path: '/', timeout: PATIENCE }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (piece: string) => {
        text += piece
        if (text.length > 65_536) request.destroy()
      })
      response.on('close', () => resolve(/"beat":\s*"packetbeat"/.test(text)))
    })
    request.once('timeout', () => request.destroy())
    request.once('error', () => resolve(false))
  })
}
