import { readFileSync } from 'node:fs'
import { Command, CommanderError, Help, type Option } from 'commander'
import * as v from 'valibot'
import { Failure, WrongUse } from './failure.ts'
import { printable, type Terminal } from './terminal.ts'

const Package = v.pipe(v.string(), v.parseJson(), v.object({ version: v.string() }))

/** The command `mw` without its subcommands: help and refusals in the person's language, exit codes 0, 1 and 2. */
export function createProgram(terminal: Terminal): Command {
  const { texts } = terminal
  const { version } = v.parse(Package, readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  return new LocalCommand('mw', terminal)
    .description(texts.mw)
    .version(version, '-V, --version', texts.help.version)
    .addHelpText('after', `\n${texts.help.exitCodes}`)
}

/** Runs the command that the arguments name, and sets the exit code. */
export async function run(program: Command, argv: readonly string[], terminal: Terminal): Promise<void> {
  try {
    await program.parseAsync([...argv])
  } catch (error) {
    process.exitCode = explain(error, terminal)
  }
}

function explain(error: unknown, terminal: Terminal): 0 | 1 | 2 {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return 0
    if (error.code !== 'commander.help')
      terminal.err(terminal.texts.error(sayCommanderError(error, terminal)))
    return 2
  }
  if (error instanceof WrongUse || error instanceof Failure) {
    terminal.err(terminal.texts.error(printable(error.message)))
    return error instanceof WrongUse ? 2 : 1
  }
  throw error
}

/** Commander speaks English; its codes, and the names it quotes, are enough to say the same in any language. */
function sayCommanderError({ code, message }: CommanderError, { texts }: Terminal): string {
  const name = printable(/'([^']*)'/.exec(message)?.[1] ?? '')
  const kind = code.replace('commander.', '')
  const meant = /Did you mean (?:one of )?(.+)\?\)/.exec(message)?.[1]
  const hint = meant ? ` ${texts.wrongUse.nearest(meant)}` : ''
  if (kind === 'excessArguments') return texts.wrongUse.excessArguments
  if (kind === 'unknownOption') return texts.wrongUse.unknownOption(name) + hint
  if (kind === 'unknownCommand') return texts.wrongUse.unknownCommand(name) + hint
  if (kind === 'missingArgument') return texts.wrongUse.missingArgument(name.toUpperCase())
  if (kind === 'optionMissingArgument') return texts.wrongUse.optionMissingArgument(name)
  return message
}

/** A command whose help speaks the person's language. */
class LocalCommand extends Command {
  readonly #terminal: Terminal

  constructor(name: string, terminal: Terminal) {
    super(name)
    this.#terminal = terminal
    const { help } = terminal.texts
    this.helpOption('-h, --help', help.option)
    this.exitOverride()
    this.configureOutput({ outputError: () => {} })
    if (name !== 'mw') this.helpCommand(false)
    else this.helpCommand('help [command]', help.command)
  }

  override createCommand(name: string): Command {
    return new LocalCommand(name, this.#terminal)
  }

  override createHelp(): Help {
    return new LocalHelp(this.#terminal)
  }
}

class LocalHelp extends Help {
  readonly #terminal: Terminal

  constructor(terminal: Terminal) {
    super()
    this.#terminal = terminal
  }

  override styleTitle(title: string): string {
    const { help } = this.#terminal.texts
    const titles = new Map([
      ['Usage:', help.usage],
      ['Arguments:', help.arguments],
      ['Options:', help.options],
      ['Commands:', help.commands],
    ])
    return this.#terminal.paint('bold', titles.get(title) ?? title)
  }

  override commandUsage(command: Command): string {
    return this.#inWords(super.commandUsage(command))
  }

  override subcommandTerm(command: Command): string {
    return this.#inWords(super.subcommandTerm(command))
  }

  override optionDescription(option: Option): string {
    return this.#withDefault(option.description, option.defaultValue)
  }

  override argumentDescription(argument: { description: string; defaultValue?: unknown }): string {
    return this.#withDefault(argument.description, argument.defaultValue)
  }

  #inWords(usage: string): string {
    const { help } = this.#terminal.texts
    return usage.replace('[options]', help.anyOptions).replace('[command]', help.anyCommand)
  }

  #withDefault(description: string, value: unknown): string {
    return value === undefined
      ? description
      : `${description} (${this.#terminal.texts.help.default}: ${String(value)})`
  }
}
