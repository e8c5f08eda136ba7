// Error codes of brokers that an output can meet. Spec: kafka.apache.org/protocol, "Error Codes".
const sentences: Readonly<Record<number, string>> = {
  [-1]: 'the broker had an unexpected error; its log says more',
  2: 'the broker found the records damaged',
  3: 'the topic or the partition does not exist; create it, or let brokers do so (auto.create.topics.enable)',
  5: 'the partition has no leader at the moment',
  6: 'the broker is no longer the leader of the partition',
  7: 'the replicas did not answer within output.kafka.broker_timeout',
  9: 'a replica is not available',
  10: 'the message is larger than the topic allows (max.message.bytes)',
  13: 'the broker lost its connection to another one',
  17: 'the broker does not take the name of the topic',
  18: 'the messages are more than one segment of the topic may hold (segment.bytes)',
  19: 'the partition has fewer replicas in sync than min.insync.replicas',
  20: 'the partition has fewer replicas in sync than min.insync.replicas, and may have the events all the same',
  21: 'the broker does not take output.kafka.required_acks',
  29: 'the user may not write to the topic; give it the right to (ACL: Write)',
  31: 'the user may not do that in the cluster; give it the right to',
  32: 'the timestamp of the message is out of the range that the topic allows',
  33: 'the broker does not know output.kafka.sasl.mechanism; choose another one',
  35: 'the broker does not speak a version of the protocol that is spoken here; it must be Kafka 0.11 or later',
  41: 'the broker is not the controller of the cluster',
  56: 'the broker cannot write to its disk',
  58: 'the broker refuses the user or the password; check output.kafka.username and password',
  74: 'the broker knows of a newer leader of the partition',
  76: 'the broker does not take messages that are compressed so; choose another output.kafka.compression',
  87: 'the broker refuses the message; a compacted topic needs output.kafka.key',
  89: 'the broker asks to send less',
}

/** What a broker's error code means, for people. */
export const told = (code: number): string => sentences[code] ?? `the broker answered with error ${code}`

export const NO_ERROR = 0
export const INVALID_TOPIC = 17

// What a single message has done wrong, or all of them together because they are many.
const ofMessages: ReadonlySet<number> = new Set([2, 10, 18, 32, 87])

/** True: fewer messages at once may do, and one alone that is refused so will never be taken. */
export const isOfMessages = (code: number): boolean => ofMessages.has(code)

// Until a topic that has just been created has its leader, these are what brokers say.
const untilReady: ReadonlySet<number> = new Set([3, 5])

export const mayBeReadySoon = (code: number): boolean => untilReady.has(code)
