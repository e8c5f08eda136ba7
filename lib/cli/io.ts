/** What a command talks to; tests bring their own. */
export interface Io {
  stdout: Writer
  stderr: Writer
  /** Where a secret is read from; a terminal is asked. */
  stdin?: NodeJS.ReadableStream & { isTTY?: boolean; setRawMode?(on: boolean): unknown }
  env: Readonly<Record<string, string | undefined>>
}

export interface Writer {
  write(text: string): unknown
  isTTY?: boolean | undefined
  columns?: number
}

/** Colours are for terminals whose owner did not object; see no-color.org. */
export const coloured = (writer: Writer, env: Io['env']): boolean =>
  writer.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb'
