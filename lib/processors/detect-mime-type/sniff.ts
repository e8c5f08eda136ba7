// What is looked at: longer data shows its kind earlier than here. Characters.
const HEAD = 8192

// First bytes of formats; `?` stands for any, as a byte beyond ASCII may be after its way into the field.
const SIGNATURES: readonly (readonly [string, string])[] = [
  ['?PNG\r\n\x1a\n', 'image/png'],
  ['GIF87a', 'image/gif'],
  ['GIF89a', 'image/gif'],
  ['\xff\xd8\xff', 'image/jpeg'],
  ['RIFF????WEBP', 'image/webp'],
  ['RIFF????WAVE', 'audio/x-wav'],
  ['RIFF????AVI ', 'video/x-msvideo'],
  ['????ftyp', 'video/mp4'],
  ['\x1aE\xdf\xa3', 'video/webm'],
  ['OggS\0', 'audio/ogg'],
  ['ID3', 'audio/mpeg'],
  ['PK\x03\x04', 'application/zip'],
  ['PK\x05\x06', 'application/zip'],
  ['\x1f?\b', 'application/gzip'],
  ['BZh', 'application/x-bzip2'],
  ['?7zXZ\0', 'application/x-xz'],
  ["7z??'\x1c", 'application/x-7z-compressed'],
  ['Rar!\x1a\x07', 'application/vnd.rar'],
  ['\x7fELF', 'application/x-executable'],
  ['%PDF-', 'application/pdf'],
  ['%!PS-Adobe-', 'application/postscript'],
  ['wOFF', 'application/font-woff'],
  ['wOF2', 'application/font-woff2'],
  ['SQLite format 3\0', 'application/vnd.sqlite3'],
  ['\0asm', 'application/wasm'],
]

const begins = (data: string, signature: string): boolean => {
  for (let at = 0; at < signature.length; at++)
    if (signature[at] !== '?' && signature[at] !== data[at]) return false
  return data.length >= signature.length
}

// WHATWG MIME Sniffing §7.1: tags that make a text HTML, whatever stands after them.
const HTML =
  /^[\t\n\f\r ]*<(?:!doctype html|html|head|script|iframe|h1|div|font|table|a|style|title|b|body|br|p|!--)[ >]/i
const XML = /^[\t\n\f\r ]*<\?xml/
const ELEMENT = /^<([A-Za-z_][\w:.-]*)(?:\s[^<>]*)?>/
// The same, §3: bytes that no text has.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to find.
const BINARY = /[\0-\x08\x0b\x0e-\x1a\x1c-\x1f]/

/** The MIME type of data, as far as it can be told from it. */
export function sniff(data: string): string | undefined {
  if (data === '') return undefined
  const head = data.slice(0, HEAD)
  for (const [signature, type] of SIGNATURES) if (begins(head, signature)) return type
  if (HTML.test(head)) return 'text/html; charset=utf-8'
  if (XML.test(head)) return 'text/xml; charset=utf-8'
  if (BINARY.test(head)) return undefined
  if (isJson(data)) return 'application/json'
  return isElement(data.trim()) ? 'text/xml' : 'text/plain; charset=utf-8'
}

function isElement(data: string): boolean {
  const name = ELEMENT.exec(data)?.[1]
  return name !== undefined && data.endsWith(`</${name}>`)
}

// Parsing costs more than looking: only what begins like JSON, and ends like it, is worth it.
function isJson(data: string): boolean {
  if (!/^\s*[[{]/.test(data) || !/[\]}]\s*$/.test(data.slice(-64))) return false
  try {
    JSON.parse(data)
    return true
  } catch {
    return false
  }
}
