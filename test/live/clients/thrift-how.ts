import thrift from 'thrift'

/** What Thrift's library is told of how messages are carried and written. */
export function how(transport: string, protocol: string): object {
  const protocols: Record<string, unknown> = {
    binary: thrift.TBinaryProtocol,
    multiplexed: thrift.TBinaryProtocol,
    compact: thrift.TCompactProtocol,
    json: thrift.TJSONProtocol,
  }
  return {
    transport: transport === 'framed' ? thrift.TFramedTransport : thrift.TBufferedTransport,
    protocol: protocols[protocol],
  }
}
