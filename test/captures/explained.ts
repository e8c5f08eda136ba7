/** Numbers in this order: HTTP requests, HTTP responses, DNS queries, DNS responses. */
export interface Explanation {
  ours: string
  tshark: string
  /** Who is right, and how one sees it. */
  reason: string
}

/** Where our messages are not as many as tshark's, in either of its readings; by the name in INDEX.tsv. */
export const explained: Readonly<Record<string, Explanation>> = {
  'AlexeyVasilev+PcapFlowLab/examples/showcase/pcap_flow_lab_showcase.pcap': {
    ours: '4 4 6 5',
    tshark: '4 3 6 5',
    reason:
      'The body in frame 620 is a byte longer than its Content-Length. We begin anew with the next segment, a response; to tshark it is a continuation.',
  },
  'OISF+suricata-verify/tests/transform-base64-7296/input.pcap': {
    ours: '3 1 0 0',
    tshark: '2 1 0 0',
    reason:
      'Frames 53 ff. are frames 5 ff. again, after time stamps that leapt from 2021 to 2024: the connection had been idle for years, so its request counts again.',
  },
  'dns-stats+compactor/test-scripts/knot-live.ignored.pcap': {
    ours: '0 0 0 0',
    tshark: '0 0 2 0',
    reason: 'Names of more than 255 bytes, which RFC 1035 §2.3.4 forbids; they count as malformed.',
  },
  'dns-stats+compactor/test-scripts/knot-live.raw.pcap': {
    ours: '0 0 8263 8264',
    tshark: '0 0 8267 8264',
    reason: 'Four names of more than 255 bytes, as in knot-live.ignored.pcap.',
  },
  'emanuele-f+PCAPdroid/app/src/main/jni/tests/pcap/invalid_or_unsupported.pcap': {
    ours: '0 0 0 0',
    tshark: '0 0 0 3',
    reason: 'First fragments of datagrams whose other fragments were not captured: never a whole message.',
  },
  'kbandla+dpkt/examples/data/nb6-http.pcap': {
    ours: '2 2 8 8',
    tshark: '3 3 8 8',
    reason: 'Frames 56 and 58 are in a tunnel that we do not look into: L2TP.',
  },
  'ntop+nDPI/tests/cfgs/default/pcap/badpackets.pcap': {
    ours: '0 0 0 0',
    tshark: '0 0 0 91',
    reason: 'Every frame is a first fragment that the snap length cut; they count as truncated.',
  },
  'seladb+PcapPlusPlus/Tests/Packet++Test/PacketExamples/dns_over_tcp.pcapng': {
    ours: '0 0 1 3',
    tshark: '0 0 1 2',
    reason: 'The first frame, of 1970, comes again in 2020: by then the connection was over.',
  },
  'seladb+PcapPlusPlus/Tests/Pcap++Test/PcapExamples/650HttpResponses.pcap': {
    ours: '0 676 0 0',
    tshark: '0 263 0 0',
    reason:
      'Somebody took single segments out of the streams. In frame 111 a head begins where 553 bytes of the body before it are due; we go by Content-Length, and by heads tshark has one more: 677.',
  },
  'zeek+zeek/testing/btest/Traces/dns/dns-invalid-names.pcap': {
    ours: '0 0 0 0',
    tshark: '0 0 1 0',
    reason: 'A name whose compression points to itself; it counts as malformed.',
  },
  'zeek+zeek/testing/btest/Traces/dns/svcb-alpn-malformed-len-too-short.pcap': {
    ours: '0 0 1 1',
    tshark: '0 0 1 0',
    reason: 'One record has broken data; the message around it is whole, and we tell it.',
  },
  'zeek+zeek/testing/btest/Traces/dns/svcb-port-malformed.pcap': {
    ours: '0 0 1 1',
    tshark: '0 0 1 0',
    reason: 'One record has broken data; the message around it is whole, and we tell it.',
  },
  'zeek+zeek/testing/btest/Traces/mixed-vlan-mpls.pcap': {
    ours: '1 1 0 0',
    tshark: '2 1 0 0',
    reason: 'Frame 37 asks by HTTP/0.9, which has no version, no head and no status; we read HTTP/1.',
  },
}
