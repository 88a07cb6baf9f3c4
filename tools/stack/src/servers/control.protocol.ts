import { createInterface } from 'node:readline';
import type { Links } from '../faults/links.ts';
import { StackError } from '../stack.errors.ts';
import type { Servers } from './servers.ts';

interface ControlRequest {
  id: number;
  op: string;
  /** The process: kafka-1, mongo-1, gateway-1, … For `add` the app: gateway, ingest or metrics. */
  name: string;
  /** The other end of a link. */
  peer: string;
  ms: number;
}

/** Fields that are added to the reply. */
type Result = object | void;
type Operation = (servers: Servers, request: ControlRequest) => Promise<Result> | Result;
/** Starts one more instance of an app; resolves to its name. */
export type AddApp = (app: string) => Promise<string>;

const linksOf = ({ links }: Servers): Links => {
  if (!links) throw new StackError('there are no links to cut or delay; start with --links', 'no_links');
  return links;
};

const startAndAwait = async (servers: Servers, name: string): Promise<void> => {
  servers.supervisor.restart(name);
  if (!servers.apps.some(({ instance }) => instance === name)) await servers.awaitServing();
};

const OPERATIONS: Record<string, Operation> = {
  kill: ({ supervisor }, { name }) => supervisor.end(name, 'SIGKILL'),
  stop: ({ supervisor }, { name }) => supervisor.end(name, 'SIGTERM'),
  pause: ({ supervisor }, { name }) => supervisor.signal(name, 'SIGSTOP'),
  resume: ({ supervisor }, { name }) => supervisor.signal(name, 'SIGCONT'),
  start: (servers, { name }) => startAndAwait(servers, name),
  launch: ({ supervisor }, { name }) => void supervisor.restart(name),
  cut: (servers, { name, peer }) => linksOf(servers).cut(name, peer),
  delay: (servers, { name, peer, ms }) => linksOf(servers).delay(name, peer, ms),
  heal: (servers, { name, peer }) => linksOf(servers).heal(name, peer),
  fill: async ({ smallDisks }, { name }) => ({ bytes: await smallDisks.fill(name) }),
  free: ({ smallDisks }, { name }) => smallDisks.free(name),
  clock: ({ settableClocks }, { name, ms }) => settableClocks.set(name, ms),
};

const execute = async (servers: Servers, request: ControlRequest, addApp?: AddApp): Promise<Result> => {
  if (request.op === 'add') {
    if (!addApp) throw new StackError('these are servers without apps; use start', 'no_apps');
    return { instance: await addApp(request.name) };
  }
  const operation = Object.hasOwn(OPERATIONS, request.op) ? OPERATIONS[request.op] : undefined;
  if (operation) return operation(servers, request);
  throw new StackError(
    `'${request.op}' is not an op; there are ${[...Object.keys(OPERATIONS), 'add'].join(', ')}`,
    'no_op',
  );
};

/**
 * Executes requests from stdin, one JSON object a line: `{id, op, name}` for a process or its disk, `{id, op, name, ms}` for a
 * clock, `{id, op, name, peer, ms}` for the link between two processes. `start` waits until the server serves, `launch` does
 * not. `add` starts one more instance of an app, and replies with its name as `instance`. Each reply is one line on stdout: `{id, ok, pid, …}` or `{id, ok: false, error, code}`. Resolves when stdin ends: the program that started the stack
 * is done with it, or gone.
 */
export const serveControlRequests = (servers: Servers, addApp?: AddApp): Promise<void> =>
  new Promise((resolve) => {
    const lines = createInterface({ input: process.stdin });
    lines.on('close', resolve);
    lines.on('line', (line) => void reply(line));
    const reply = async (line: string): Promise<void> => {
      const request = JSON.parse(line) as ControlRequest;
      const { id, name } = request;
      const answer = await execute(servers, request, addApp).then(
        (result) => ({ id, ok: true, pid: servers.supervisor.pidOf(name), ...result }),
        ({ message, code }: StackError) => ({ id, ok: false, error: message, code }),
      );
      process.stdout.write(`${JSON.stringify(answer)}\n`);
    };
  });

/** The one line that tells the program that started the stack where everything is. */
export const readyLine = ({ bootstrap, mongoUri, runFile, operatorVariables: login }: Servers): string =>
  `${JSON.stringify({ ready: true, kafka: bootstrap.split(','), mongoUri, runFile, login })}\n`;
