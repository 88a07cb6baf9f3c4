import { createInterface } from 'node:readline';
import type { Links } from '../faults/links.ts';
import type { Servers } from './servers.ts';
import { StackError } from '../stack.errors.ts';

interface ControlRequest {
  id: number;
  op: string;
  /** kafka-1, mongo-1, gateway-1, … */
  name: string;
  /** The other end of a link. */
  peer: string;
  ms: number;
}

/** What was done, in what a program may want to keep of it. */
type Done = object | void;
type Deed = (servers: Servers, request: ControlRequest) => Promise<Done> | Done;

const linksOf = ({ links }: Servers): Links => {
  if (!links) throw new StackError('there are no links to cut or slow down; start with --links', 'no_links');
  return links;
};

const start = async (servers: Servers, name: string): Promise<void> => {
  servers.supervisor.resume(name);
  if (!servers.apps.some(({ instance }) => instance === name)) await servers.awaitServing();
};

const DEEDS: Record<string, Deed> = {
  kill: ({ supervisor }, { name }) => supervisor.hold(name, 'SIGKILL'),
  stop: ({ supervisor }, { name }) => supervisor.hold(name, 'SIGTERM'),
  pause: ({ supervisor }, { name }) => supervisor.signal(name, 'SIGSTOP'),
  resume: ({ supervisor }, { name }) => supervisor.signal(name, 'SIGCONT'),
  start: (servers, { name }) => start(servers, name),
  launch: ({ supervisor }, { name }) => void supervisor.resume(name),
  cut: (servers, { name, peer }) => linksOf(servers).cut(name, peer),
  delay: (servers, { name, peer, ms }) => linksOf(servers).delay(name, peer, ms),
  heal: (servers, { name, peer }) => linksOf(servers).heal(name, peer),
  fill: async ({ smallDisks }, { name }) => ({ bytes: await smallDisks.fill(name) }),
  free: ({ smallDisks }, { name }) => smallDisks.free(name),
};

const obey = async (servers: Servers, request: ControlRequest): Promise<Done> => {
  const deed = Object.hasOwn(DEEDS, request.op) ? DEEDS[request.op] : undefined;
  if (!deed) throw new StackError(`'${request.op}' is not an op; there are ${Object.keys(DEEDS).join(', ')}`, 'no_op');
  return deed(servers, request);
};

/**
 * A JSON line on stdin does something: `{id, op, name}` to a process or its disk, `{id, op, name, peer, ms}` to the link
 * between two. `start` waits until the server serves, `launch` does not. The answer is a line on stdout, `{id, ok, pid, …}` or
 * `{id, ok: false, error, code}`. Resolves when stdin ends: whoever started this is gone.
 */
export const obeyInput = (servers: Servers): Promise<void> =>
  new Promise((resolve) => {
    const lines = createInterface({ input: process.stdin });
    lines.on('close', resolve);
    lines.on('line', (line) => void answer(line));
    const answer = async (line: string): Promise<void> => {
      const request = JSON.parse(line) as ControlRequest;
      const { id, name } = request;
      const reply = await obey(servers, request).then(
        (done) => ({ id, ok: true, pid: servers.supervisor.pidOf(name), ...done }),
        ({ message, code }: StackError) => ({ id, ok: false, error: message, code }),
      );
      process.stdout.write(`${JSON.stringify(reply)}\n`);
    };
  });

/** The one line that says where everything is, for the program that started this. */
export const readyLine = ({ bootstrap, mongoUri, runFile }: Servers): string =>
  `${JSON.stringify({ ready: true, kafka: bootstrap.split(','), mongoUri, runFile })}\n`;
