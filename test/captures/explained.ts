/** Numbers in this order: HTTP requests, HTTP responses, DNS queries, DNS responses. */
export interface Explanation {
  ours: string
  tshark: string
  /** Who is right, and how one sees it. */
  reason: string
}

/** Where our messages are not as many as tshark's, in either of its readings; by the name in INDEX.tsv. */
export const explained: Readonly<Record<string, Explanation>> = {}
