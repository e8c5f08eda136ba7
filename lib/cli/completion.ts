import { among } from '../config/nearest-name.js'
import { UserError } from '../errors.js'
import type { Command } from './command.js'
import { commandFlags, globalFlags, runFlags } from './flags.js'

const PROGRAM = 'packetbeat-native'

/** What a shell needs to know: command lines, and words that complete them. */
export type Completed = readonly { name: string; title: string; flags: readonly string[] }[]

/** `commands`: all there are, this one included. */
export const completionOf = (commands: () => readonly Command[]): Command => ({
  name: 'completion',
  title: 'Print a script by which a shell completes commands and flags.',
  details: `Such as: source <(${PROGRAM} completion bash)`,
  words: 'bash|fish|zsh',
  execute(_flags, [shell = '', ...more], io) {
    const script = Object.hasOwn(shells, shell) && more.length === 0 ? shells[shell] : undefined
    if (script === undefined)
      throw new UserError('ERR_USAGE', `completion needs a shell: ${among(Object.keys(shells))}.`)
    io.stdout.write(script(completed(commands())))
    return 0
  },
})

const dashed = (flags: object): string[] =>
  Object.keys(flags).map((name) => (name.length === 1 ? `-${name}` : `--${name}`))

const completed = (commands: readonly Command[]): Completed =>
  commands.map(({ name, title, runs, flags = [] }) => ({
    name,
    title,
    flags: [
      ...dashed(globalFlags),
      ...(runs ? dashed(runFlags) : []),
      ...dashed(Object.fromEntries(flags.map((flag) => [flag, commandFlags[flag]]))),
    ],
  }))

const firstWords = (commands: Completed): string[] => [
  ...new Set(commands.map(({ name }) => name.split(' ')[0] as string)),
]

const secondWords = (commands: Completed, first: string): string[] =>
  commands.flatMap(({ name }) => (name.startsWith(`${first} `) ? [name.slice(first.length + 1)] : []))

function bash(commands: Completed): string {
  const cases = firstWords(commands).map((first) => {
    const words = secondWords(commands, first)
    const flags = new Set(
      commands.filter(({ name }) => name.split(' ')[0] === first).flatMap((one) => one.flags),
    )
    return `    ${first}) words='${[...words, ...flags].join(' ')}' ;;\n`
  })
  return `_packetbeat_native() {
  local words
  case "\${COMP_WORDS[1]}" in
${cases.join('')}    *) words='${[...firstWords(commands), ...(commands[0]?.flags ?? [])].join(' ')}' ;;
  esac
  [ "$COMP_CWORD" -eq 1 ] && words='${[...firstWords(commands), ...(commands[0]?.flags ?? [])].join(' ')}'
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
  [ \${#COMPREPLY[@]} -eq 0 ] && COMPREPLY=($(compgen -f -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -F _packetbeat_native ${PROGRAM}
`
}

function zsh(commands: Completed): string {
  return `autoload -U +X bashcompinit && bashcompinit
${bash(commands)}`
}

function fish(commands: Completed): string {
  const lines = firstWords(commands).flatMap((first) => {
    const title = commands.find(({ name }) => name === first)?.title ?? ''
    const top = `complete -c ${PROGRAM} -n __fish_use_subcommand -a ${first}${title === '' ? '' : ` -d ${quoted(title)}`}`
    const below = secondWords(commands, first).map(
      (word) => `complete -c ${PROGRAM} -n '__fish_seen_subcommand_from ${first}' -f -a ${word}`,
    )
    return [top, ...below]
  })
  const flags = Object.entries({ ...globalFlags, ...runFlags, ...commandFlags }).map(
    ([name, { help }]) =>
      `complete -c ${PROGRAM} ${name.length === 1 ? '-s' : '-l'} ${name} -d ${quoted(help)}`,
  )
  return `${[...lines, ...flags].join('\n')}\n`
}

const shells: Readonly<Record<string, (commands: Completed) => string>> = { bash, fish, zsh }

const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
