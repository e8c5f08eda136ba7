/** Texts of `error.message` that several protocols use; upstream's wording, which dashboards and alerts look for. */

export const UNMATCHED_REQUEST = 'Unmatched request'
export const UNMATCHED_RESPONSE = 'Unmatched response'
export const LOSS_IN_REQUEST = 'Packet loss while capturing the request'
export const LOSS_IN_RESPONSE = 'Packet loss while capturing the response'
export const UNKNOWN_STATEMENT = 'The actual query being used is unknown'

// Ours, for what upstream loses without a word.
export const LATE_RESPONSE = 'The response came after transaction_timeout; the request was reported before'
export const INCOMPLETE_RESPONSE = 'The response is incomplete'
export const TOO_MANY_REQUESTS = 'Too many requests without a response'
