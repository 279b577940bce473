import type { Command } from 'commander';
import { MillraceError } from '../../wire/errors.ts';
import { requireHome } from '../place.ts';
import type { Surroundings } from '../surroundings.ts';

interface Options {
  readonly host: string;
  readonly port: number;
  readonly yes?: boolean;
  readonly example?: string;
}

const parsePort = (text: string): number => {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535)
    throw new MillraceError('USAGE_WRONG', `--port is "${text}", expected 0 to 65535`);
  return port;
};

/** `start`: the whole loop on this machine, until Ctrl-C. */
export const addStartCommand = (program: Command, surroundings: Surroundings): void => {
  program
    .command('start')
    .description('Run the whole loop on this machine: drop zone, training, approvals, predictions')
    .option('--host <host>', 'where to listen; anything but 127.0.0.1 lets others in', '127.0.0.1')
    .option('--port <port>', 'which port; 0 takes a free one', parsePort, 8080)
    .option('--example <name>', 'bring an example along: flight-delay or penguins')
    .option('--yes', 'approve whatever passes its gates, for scripts')
    .addHelpText(
      'after',
      '\nExamples:\n  millrace start --example penguins\n  millrace start --home /data/millrace --port 9000',
    )
    .action((options: Options, command: Command) => {
      const { host, port, yes = false, example } = options;
      return surroundings.start({
        home: requireHome(command),
        host,
        port,
        yes,
        ...(example === undefined ? {} : { example }),
      });
    });
};
