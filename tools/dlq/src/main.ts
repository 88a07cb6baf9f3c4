import { userInfo } from 'node:os';
import type { DeadLetterDto, DeadLetterStateDto, DeadLetterSummaryDto } from '@wiber/contracts';
import { USAGE, readCommand, type Command } from './command.args.ts';
import { RefusedError, UsageError } from './dlq.errors.ts';
import { findGateway, type GatewayAddress } from './gateway.address.ts';
import { escaped, letterText, stateText, tableOf } from './letter.text.ts';
import { call } from './operator.client.ts';

const print = (json: boolean, body: unknown, text: string): void =>
  void process.stdout.write(`${json ? JSON.stringify(body, null, 2) : text}\n`);

const list = async (gateway: GatewayAddress, { query, json }: Command & { type: 'list' }): Promise<void> => {
  const { body, next } = await call<DeadLetterSummaryDto[]>(gateway, `/dead-letters${query}`);
  print(json, body, tableOf(body));
  if (next === undefined) return;
  const options = [...new URLSearchParams(next.split('?')[1])].map(([name, value]) => `--${name} ${value}`);
  process.stderr.write(`more: npm run dlq -- list ${options.join(' ')}\n`);
};

/** The name of this process's user, when it fits in a header. */
const userName = (): string | undefined => {
  try {
    const { username } = userInfo();
    return /^[\w.@+-]{1,100}$/.test(username) ? username : undefined;
  } catch {
    return undefined;
  }
};

const run = async (command: Command): Promise<void> => {
  if (command.type === 'help') return print(false, undefined, USAGE);
  const gateway = findGateway(process.env, '.wiber');
  if (command.type === 'list') return list(gateway, command);
  const { json } = command;
  const path = `/dead-letters/${encodeURIComponent(command.id)}`;
  if (command.type === 'show') {
    const { body } = await call<DeadLetterDto>(gateway, path);
    return print(json, body, letterText(body));
  }
  const { type, body: given, as = userName() } = command;
  const { body } = await call<DeadLetterStateDto>(gateway, `${path}/${type}`, { body: given, as });
  print(json, body, stateText(body));
};

try {
  await run(readCommand(process.argv.slice(2)));
} catch (error) {
  if (!(error instanceof UsageError || error instanceof RefusedError)) throw error;
  process.stderr.write(`dlq: ${escaped(error.message)}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
