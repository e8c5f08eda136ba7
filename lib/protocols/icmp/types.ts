/** What becomes of a message: it asks, it answers, it tells of an error, or it just tells. */
export type Role = 'request' | 'reply' | 'error' | 'notice'

interface Kind {
  name: string
  role: Role
  /** Names of the codes; a type without them has code 0 only. */
  codes?: readonly string[]
}

/** The messages of one version of IP. Names as upstream prints them; types: IANA, "ICMP Parameters" and "ICMPv6 Parameters". */
export interface Version {
  number: 4 | 6
  kinds: Readonly<Record<number, Kind>>
}

const version = (number: 4 | 6, kinds: Readonly<Record<number, Kind>>): Version => ({ number, kinds })

export const icmp4 = version(4, {
  0: { name: 'EchoReply', role: 'reply' },
  3: {
    name: 'DestinationUnreachable',
    role: 'error',
    codes: [
      'Net',
      'Host',
      'Protocol',
      'Port',
      'FragmentationNeeded',
      'SourceRoutingFailed',
      'NetUnknown',
      'HostUnknown',
      'SourceIsolated',
      'NetAdminProhibited',
      'HostAdminProhibited',
      'NetTOS',
      'HostTOS',
      'CommAdminProhibited',
      'HostPrecedence',
      'PrecedenceCutoff',
    ],
  },
  4: { name: 'SourceQuench', role: 'error' },
  5: { name: 'Redirect', role: 'notice', codes: ['Net', 'Host', 'TOS+Net', 'TOS+Host'] },
  8: { name: 'EchoRequest', role: 'request' },
  9: { name: 'RouterAdvertisement', role: 'notice' },
  10: { name: 'RouterSolicitation', role: 'notice' },
  11: { name: 'TimeExceeded', role: 'error', codes: ['TTLExceeded', 'FragmentReassemblyTimeExceeded'] },
  12: {
    name: 'ParameterProblem',
    role: 'error',
    codes: ['PointerIndicatesError', 'MissingOption', 'BadLength'],
  },
  13: { name: 'TimestampRequest', role: 'request' },
  14: { name: 'TimestampReply', role: 'reply' },
  15: { name: 'InfoRequest', role: 'request' },
  16: { name: 'InfoReply', role: 'reply' },
  17: { name: 'AddressMaskRequest', role: 'request' },
  18: { name: 'AddressMaskReply', role: 'reply' },
})

export const icmp6 = version(6, {
  1: {
    name: 'DestinationUnreachable',
    role: 'error',
    codes: [
      'NoRouteToDst',
      'AdminProhibited',
      'BeyondScopeOfSrc',
      'AddressUnreachable',
      'PortUnreachable',
      'SrcAddressFailedPolicy',
      'RejectRouteToDst',
    ],
  },
  2: { name: 'PacketTooBig', role: 'error' },
  3: { name: 'TimeExceeded', role: 'error', codes: ['HopLimitExceeded', 'FragmentReassemblyTimeExceeded'] },
  4: {
    name: 'ParameterProblem',
    role: 'error',
    codes: ['ErroneousHeader', 'UnrecognizedNextHeader', 'UnrecognizedIPv6Option'],
  },
  128: { name: 'EchoRequest', role: 'request' },
  129: { name: 'EchoReply', role: 'reply' },
  133: { name: 'RouterSolicitation', role: 'notice' },
  134: { name: 'RouterAdvertisement', role: 'notice' },
  135: { name: 'NeighborSolicitation', role: 'notice' },
  136: { name: 'NeighborAdvertisement', role: 'notice' },
  137: { name: 'Redirect', role: 'notice' },
})

export const roleOf = ({ kinds }: Version, type: number): Role => kinds[type]?.role ?? 'notice'

/** Such as `EchoRequest`, `DestinationUnreachable(Port)`, `Redirect(Code: 9)`, or `42(0)` for a type without a name. */
export function nameOf({ kinds }: Version, type: number, code: number): string {
  const kind = kinds[type]
  if (kind === undefined) return `${type}(${code})`
  const { name, codes } = kind
  if (codes === undefined && code === 0) return name
  return `${name}(${codes?.[code] ?? `Code: ${code}`})`
}
