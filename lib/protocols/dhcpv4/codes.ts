// Names of the numbers in DHCP messages, as upstream prints them where it knows them, else as IANA lists them in
// "Dynamic Host Configuration Protocol (DHCP) and Bootstrap Protocol (BOOTP) Parameters".

/** Names by number; what has none is printed as `unknown (NUMBER)`. */
const named = (names: Readonly<Record<number, string>>, unknown = 'unknown'): ((code: number) => string) => {
  const list: (string | undefined)[] = []
  for (const [code, name] of Object.entries(names)) list[Number(code)] = name
  return (code) => list[code] ?? `${unknown} (${code})`
}

/** Types of messages: RFC 2132 §9.6, RFC 3203, RFC 4388, RFC 6926, RFC 7724. */
export const types = {
  DISCOVER: 1,
  OFFER: 2,
  REQUEST: 3,
  DECLINE: 4,
  ACK: 5,
  NAK: 6,
  RELEASE: 7,
  INFORM: 8,
  FORCERENEW: 9,
  LEASEQUERY: 10,
  LEASEUNASSIGNED: 11,
  LEASEUNKNOWN: 12,
  LEASEACTIVE: 13,
  BULKLEASEQUERY: 14,
  LEASEQUERYDONE: 15,
  ACTIVELEASEQUERY: 16,
  LEASEQUERYSTATUS: 17,
  TLS: 18,
} as const

export const typeName = named(
  Object.fromEntries(Object.entries(types).map(([name, code]) => [code, name.toLowerCase()])),
)

/** RFC 826's registry, IANA "Address Resolution Protocol (ARP) Parameters". */
export const hardwareTypeName = named({
  1: 'Ethernet',
  2: 'Experimental Ethernet',
  3: 'Amateur Radio AX.25',
  4: 'Proteon ProNET Token Ring',
  5: 'Chaos',
  6: 'IEEE 802',
  7: 'ARCNET',
  8: 'Hyperchannel',
  9: 'Lanstar',
  10: 'Autonet Short Address',
  11: 'LocalTalk',
  12: 'LocalNet',
  13: 'Ultra link',
  14: 'SMDS',
  15: 'Frame Relay',
  16: 'ATM',
  17: 'HDLC',
  18: 'Fibre Channel',
  19: 'ATM 2',
  20: 'Serial Line',
  21: 'ATM 3',
  22: 'MIL-STD-188-220',
  23: 'Metricom',
  24: 'IEEE 1394.1995',
  25: 'MAPOS',
  26: 'Twinaxial',
  27: 'EUI-64',
  28: 'HIPARP',
  29: 'IP and ARP over ISO 7816-3',
  30: 'ARPSec',
  31: 'IPsec tunnel',
  32: 'Infiniband',
  33: 'CAI, TIA-102 Project 125 Common Air Interface',
  34: 'Wiegand Interface',
  35: 'Pure IP',
  36: 'HW_EXP1',
  37: 'HFI',
  38: 'UB',
})

/** IANA "Processor Architecture Types", RFC 5970 §3.3. */
export const architectureName = named({
  0: 'x86 BIOS',
  1: 'NEC/PC98',
  2: 'Itanium',
  3: 'DEC Alpha',
  4: 'Arc x86',
  5: 'Intel Lean Client',
  6: 'x86 UEFI',
  7: 'x64 UEFI',
  8: 'EFI Xscale',
  9: 'EBC',
  10: 'ARM 32-bit UEFI',
  11: 'ARM 64-bit UEFI',
  12: 'PowerPC Open Firmware',
  13: 'PowerPC ePAPR',
  14: 'POWER OPAL v3',
  15: 'x86 UEFI HTTP',
  16: 'x64 UEFI HTTP',
  17: 'EBC HTTP',
  18: 'ARM UEFI 32 HTTP',
  19: 'ARM UEFI 64 HTTP',
  20: 'PC/AT BIOS HTTP',
  21: 'ARM 32 U-Boot',
  22: 'ARM 64 U-Boot',
  23: 'ARM U-Boot 32 HTTP',
  24: 'ARM U-Boot 64 HTTP',
  25: 'RISC-V 32-bit UEFI',
  26: 'RISC-V 32-bit UEFI HTTP',
  27: 'RISC-V 64-bit UEFI',
  28: 'RISC-V 64-bit UEFI HTTP',
  29: 'RISC-V 128-bit UEFI',
  30: 'RISC-V 128-bit UEFI HTTP',
  31: 's390 Basic',
  32: 's390 Extended',
  33: 'MIPS 32-bit UEFI',
  34: 'MIPS 64-bit UEFI',
  35: 'Sunway 32-bit UEFI',
  36: 'Sunway 64-bit UEFI',
  37: 'LoongArch 32-bit UEFI',
  38: 'LoongArch 32-bit UEFI HTTP',
  39: 'LoongArch 64-bit UEFI',
  40: 'LoongArch 64-bit UEFI HTTP',
  41: 'ARM rpiboot',
})

/** RFC 2132 §8.7. */
export const netbiosNodeName = named({ 1: 'B-node', 2: 'P-node', 4: 'M-node', 8: 'H-node' })

/** RFC 2132 §9.3. */
export const overloadName = named({ 1: 'file', 2: 'sname', 3: 'file and sname' })

/** RFC 6926 §6.2.2. */
export const statusName = named({
  0: 'Success',
  1: 'UnspecFail',
  2: 'QueryTerminated',
  3: 'MalformedQuery',
  4: 'NotAllowed',
  5: 'DataMissing',
  6: 'ConnectionActive',
  7: 'CatchUpComplete',
  8: 'TLSConnectionRefused',
})

/** RFC 6926 §6.2.7. */
export const stateName = named({
  1: 'AVAILABLE',
  2: 'ACTIVE',
  3: 'EXPIRED',
  4: 'RELEASED',
  5: 'ABANDONED',
  6: 'RESET',
  7: 'REMOTE',
  8: 'TRANSITIONING',
})

/** Of a DHCP unique identifier: RFC 8415 §11, RFC 6355. */
export const duidTypeName = named({ 1: 'DUID-LLT', 2: 'DUID-EN', 3: 'DUID-LL', 4: 'DUID-UUID' }, 'DUID')
