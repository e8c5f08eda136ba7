import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { folder } from './folder.js'
import { type Network, serve, write } from './network.js'

/** What nginx itself noted of each request. */
export interface Noted {
  method: string
  path: string
  status: number
  /** Bytes of the whole message, as the server counted them. */
  requestBytes: number
  responseBytes: number
}

/** What long.txt says; more than a window, less than what is kept of a message. */
export const long = 'a long line of many words\n'.repeat(12_000)

/** Bytes of what is sent in as few packets as the device lets pass. */
export const LARGE = 6_000_000

export interface Nginx {
  /** What it was asked since the last call, in the order it answered. */
  noted(): Noted[]
}

export async function nginx(network: Network): Promise<Nginx> {
  const home = folder()
  const html = join(home, 'html')
  mkdirSync(html)
  write(join(html, 'index.html'), `<html><p>${'x'.repeat(600)}</p></html>`)
  write(join(html, 'answer.json'), '{"answer":42}')
  write(join(html, 'long.txt'), long)
  write(join(html, 'large'), 'large '.repeat(LARGE / 6))
  const file = write(
    join(home, 'nginx.conf'),
    `daemon off; pid ${home}/pid; user root; error_log stderr;
events {}
http {
  log_format noted '$request_method $request_uri $status $request_length $bytes_sent';
  access_log ${home}/access.log noted;
  client_body_temp_path ${home}; proxy_temp_path ${home}; fastcgi_temp_path ${home};
  types { application/json json; text/html html; text/plain txt; }
  server {
    listen 80; listen [::]:80; root ${html};
    # Each of these makes nginx forget the length, so that it answers in chunks.
    location /zipped { gzip on; gzip_min_length 1; gzip_types text/plain; alias ${html}/; }
    location /chunked { sub_filter x y; sub_filter_once off; sub_filter_types text/plain; alias ${html}/; }
    location /old { return 301 /answer.json; }
    # nginx counts the bytes of a body only when somebody wants it.
    location /form { proxy_pass http://unix:${home}/form; }
    location /large { sendfile on; }
    location /slow { limit_rate 1k; alias ${html}/; }
    location /broken { return 503; }
  }
  server { listen unix:${home}/form; access_log off; location / { return 200 "thanks\\n"; } }
}
`,
  )
  await serve(network, ['nginx', '-c', file, '-p', home], 80)
  let read = 0
  const noted = () => {
    const lines = readFileSync(join(home, 'access.log'), 'utf8').split('\n').slice(0, -1)
    const fresh = lines.slice(read)
    read = lines.length
    return fresh.map(parsed)
  }
  return { noted }
}

function parsed(line: string): Noted {
  const [method, uri, status, requestBytes, responseBytes] = line.split(' ')
  return {
    method: method ?? '',
    path: uri?.replace(/\?.*/, '') ?? '',
    status: Number(status),
    requestBytes: Number(requestBytes),
    responseBytes: Number(responseBytes),
  }
}
