/** Where a deployment of Elastic Cloud is. */
export interface CloudDeployment {
  /** URLs with a port. */
  elasticsearch: string
  /** undefined: it has none. */
  kibana: string | undefined
}

const PORT = '443'

/**
 * What a Cloud ID says: `label:` and, in base64, `host[:port]$elasticsearch[:port]$kibana[:port]`.
 * @throws {Error} that says what is wrong with it.
 */
export function cloudDeployment(id: string): CloudDeployment {
  const encoded = id.slice(id.lastIndexOf(':') + 1)
  const text = Buffer.from(encoded, 'base64').toString('utf8')
  const [domain = '', elasticsearch = '', kibana = ''] = text.split('$')
  if (!/^[a-z\d+/]+={0,2}$/i.test(encoded) || !isName(domain) || !isName(elasticsearch))
    throw new Error('is no Cloud ID; copy it from the page of the deployment')
  const [host, hostPort = PORT] = domain.split(':')
  const url = (part: string): string => {
    const [name, port = hostPort] = part.split(':')
    return `https://${name}.${host}:${port}`
  }
  return { elasticsearch: url(elasticsearch), kibana: isName(kibana) ? url(kibana) : undefined }
}

const isName = (text: string): boolean => /^[a-z\d]([a-z\d.-]*[a-z\d])?(:\d{1,5})?$/i.test(text)
