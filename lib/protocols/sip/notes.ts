// What `error.message` can say beside the texts that all protocols share.

export const INCOMPLETE_HEAD = 'The message ends within its header'
export const INCOMPLETE_BODY = 'The body is shorter than its Content-Length'
export const LONG_BODY = 'The body is too long to be kept'
export const BAD_LENGTH = 'The Content-Length is not a number'
export const CUT = 'The capture kept only the beginning of the message'
