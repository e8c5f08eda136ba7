import type { Document } from '../events/writer.js'

/**
 * Where finished events go: the entrance of the pipeline. Events are handed over in the form the output asks for,
 * JSON text where it only passes them on, documents where it looks into them.
 */
export interface Sink {
  readonly wants: 'text' | 'document'
  /** What becomes of events while the queue is full: who makes them is to wait, or they are dropped. */
  readonly full: 'wait' | 'drop'
  /**
   * One document as JSON text, without a line end; `head`, if there is one, is what the text begins with. False: it was
   * dropped, for the queue was full.
   */
  text(json: string, head?: Buffer): boolean
  /** One document; the sink's own from now on. False: it was dropped, for the queue was full. */
  document(document: Document): boolean
}
