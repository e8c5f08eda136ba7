// Everything that JSON writes as it is: no control characters, quotes, backslashes or lone surrogates.
const PLAIN = /^[ !#-[\]-~\u00a0-\ud7ff\ue000-\uffff]*$/

/** A string as JSON text; several times faster than JSON.stringify for the plain ones. */
export const quoted = (text: string): string => (PLAIN.test(text) ? `"${text}"` : JSON.stringify(text))
