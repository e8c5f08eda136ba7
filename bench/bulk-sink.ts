// Takes bulk requests, counts their events, and answers that all of them were taken. Argument: its port.
import { createServer } from 'node:http'
import { gunzip } from 'node:zlib'

const root = JSON.stringify({ version: { number: '8.19.21' }, tagline: 'You Know, for Search' })
const item = '{"create":{"status":201}}'
const answers = new Map<number, string>()

function answer(events: number): string {
  let text = answers.get(events)
  if (text === undefined) {
    text = `{"errors":false,"items":[${Array.from({ length: events }, () => item).join(',')}]}`
    answers.set(events, text)
  }
  return text
}

function countLines(text: Buffer): number {
  let lines = 0
  for (let at = text.indexOf(10); at >= 0; at = text.indexOf(10, at + 1)) lines++
  return lines
}

createServer((request, response) => {
  const pieces: Buffer[] = []
  request.on('data', (piece: Buffer) => pieces.push(piece))
  request.on('end', () => {
    const body = Buffer.concat(pieces)
    const done = (text: string) => response.setHeader('content-type', 'application/json').end(text)
    if (request.method === 'GET') done(root)
    else if (request.headers['content-encoding'] === 'gzip')
      gunzip(body, (_, text) => done(answer(countLines(text) / 2)))
    else done(answer(countLines(body) / 2))
  })
}).listen(Number(process.argv[2]), '127.0.0.1')
