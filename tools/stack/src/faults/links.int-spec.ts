import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import fc from 'fast-check';
import { Links, OWN_HOST } from './links.ts';
import { until } from '../spec-support/eventually.ts';
import { TempFolder } from '../spec-support/temp.folder.ts';

/** Sends back every byte, and keeps what each connection received. */
class EchoServer {
  readonly server: Server;
  readonly received: { text: string; ended: boolean }[] = [];

  constructor() {
    this.server = createServer((socket) => {
      const received = { text: '', ended: false };
      this.received.push(received);
      socket.on('data', (bytes: Buffer) => {
        received.text += bytes.toString('latin1');
        socket.write(bytes);
      });
      socket.on('error', () => (received.ended = true));
      socket.on('end', () => (received.ended = true));
    });
  }

  async listen(): Promise<number> {
    this.server.listen(0, OWN_HOST);
    await once(this.server, 'listening');
    return (this.server.address() as AddressInfo).port;
  }
}

class Client {
  readonly socket: Socket;
  text = '';
  closed = false;

  constructor(port: number) {
    this.socket = connect(port, '127.0.0.1');
    this.socket.on('data', (bytes: Buffer) => (this.text += bytes.toString('latin1')));
    this.socket.on('error', () => undefined);
    this.socket.on('close', () => (this.closed = true));
  }

  async roundTrip(text: string): Promise<void> {
    const length = this.text.length + text.length;
    this.socket.write(text, 'latin1');
    await until(() => this.text.length >= length, `${text} comes back`);
  }
}

let temp: TempFolder;
let echo: EchoServer;
let links: Links;
/** alice is this process and bob is the server. carol is a child process that some tests start. */
const pids = new Map<string, number>();
const opened: Client[] = [];
const children: ChildProcess[] = [];
let port: number;
const client = (at = port): Client => {
  opened.push(new Client(at));
  return opened.at(-1)!;
};

beforeEach(async () => {
  temp = new TempFolder();
  echo = new EchoServer();
  pids.clear();
  for (const [name, pid] of Object.entries({ alice: process.pid, bob: 1, carol: -1 })) pids.set(name, pid);
  links = new Links({ log: join(temp.path, 'links.log'), pids: () => pids });
  port = await links.addProxy('bob', await echo.listen());
});
afterEach(async () => {
  for (const { socket } of opened.splice(0)) socket.destroy();
  for (const child of children.splice(0)) child.kill('SIGKILL');
  links.close();
  await new Promise((resolve) => echo.server.close(resolve));
  temp.remove();
});

/** Sends bytes around the cut and waits for the echo. Bytes that had passed the cut would have arrived before. */
const roundTripsAroundTheCut = async (): Promise<void> => {
  const free = new Links({ log: join(temp.path, 'free.log'), pids: () => new Map() });
  const { port: own } = echo.server.address() as AddressInfo;
  const other = client(await free.addProxy('bob', own));
  for (const text of ['one', 'two', 'three']) await other.roundTrip(text);
  other.socket.destroy();
  free.close();
};

const action = fc.oneof(
  fc.record({ type: fc.constant('send' as const), size: fc.integer({ min: 1, max: 300_000 }) }),
  fc.record({ type: fc.constant('delay' as const), ms: fc.integer({ min: 1, max: 15 }) }),
  fc.constantFrom({ type: 'cut' as const }, { type: 'heal' as const }, { type: 'wait' as const }),
);

test('all bytes arrive, in their order, through any sequence of cuts, delays and heals', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(action, { maxLength: 20 }), async (actions) => {
      const alice = client();
      let sent = '';
      for (const step of actions) {
        if (step.type === 'send') {
          const text = String.fromCharCode(65 + (sent.length % 26)).repeat(step.size);
          sent += text;
          alice.socket.write(text, 'latin1');
        } else if (step.type === 'delay') links.delay('alice', 'bob', step.ms);
        else if (step.type === 'wait') await new Promise((resolve) => setImmediate(resolve));
        else links[step.type]('alice', 'bob');
      }
      links.heal('alice', 'bob');
      await until(() => alice.text.length >= sent.length, 'all bytes came back');
      expect(alice.text === sent).toBe(true);
      alice.socket.end();
      await until(() => alice.closed, 'both directions are closed');
    }),
    { numRuns: 40 },
  );
}, 60_000);

test('during a cut no bytes, no end and no new connection arrive; after the heal all of them do', async () => {
  const [alice, leaving] = [client(), client()];
  await alice.roundTrip('hello');
  await leaving.roundTrip('hello');
  expect(links.cut('bob', 'alice')).toEqual({ link: 'alice–bob', connections: 2, bytes: 0 });
  alice.socket.write('held');
  leaving.socket.resetAndDestroy();
  const late = client();
  await once(late.socket, 'connect');
  late.socket.write('late');
  await roundTripsAroundTheCut();
  expect(echo.received.map(({ text, ended }) => ({ text, ended }))).toEqual([
    { text: 'hello', ended: false },
    { text: 'hello', ended: false },
    { text: 'onetwothree', ended: expect.any(Boolean) as boolean },
  ]);
  expect(links.heal('alice', 'bob')).toEqual({ link: 'alice–bob', connections: 3, bytes: 'heldlate'.length });
  await until(() => alice.text === 'helloheld' && late.text === 'late', 'the held bytes are echoed');
  await until(() => echo.received[1]!.ended, 'the server receives the reset');
});

test('a client that closes during a cut never reaches the server', async () => {
  links.cut('alice', 'bob');
  const gone = client();
  await once(gone.socket, 'connect');
  gone.socket.end('never');
  await until(() => links.cut('alice', 'bob').bytes === 'never'.length, 'the proxy holds its bytes');
  await roundTripsAroundTheCut();
  expect(links.heal('alice', 'bob').connections).toBe(1);
  await roundTripsAroundTheCut();
  expect(echo.received.map(({ text }) => text)).toEqual(['onetwothree', 'onetwothree']);
});

test('a round trip over a delayed link takes at least two delays', async () => {
  links.delay('alice', 'bob', 60);
  const startedAt = performance.now();
  const alice = client();
  await alice.roundTrip('hello');
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(2 * 60);
});

test('a cut is for a name: a process that is started again is cut off too', async () => {
  const program = `require('net').connect(${port}, '127.0.0.1').on('data', (b) => process.stdout.write(b)).write('carol')`;
  const start = (): { stdout: () => string } => {
    const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    let stdout = '';
    child.stdout.on('data', (bytes: Buffer) => (stdout += bytes.toString()));
    pids.set('carol', child.pid!);
    return { stdout: () => stdout };
  };
  const first = start();
  await until(() => first.stdout() === 'carol', 'carol gets an answer');
  links.cut('carol', 'bob');
  children[0]!.kill('SIGKILL');
  const second = start();
  await until(() => links.cut('carol', 'bob').bytes === 'carol'.length, 'the bytes of the second carol are held');
  expect(second.stdout()).toBe('');
  links.heal('bob', 'carol');
  await until(() => second.stdout() === 'carol', 'the second carol gets an answer');
});

test('a process that the stack did not start is never cut off', async () => {
  pids.delete('alice');
  pids.set('alice', 1);
  links.cut('alice', 'bob');
  await client().roundTrip('hello');
});

test('when the server does not listen, the connection is closed', async () => {
  const nowhere = client(await links.addProxy('bob', 1));
  await until(() => nowhere.closed, 'the connection is closed');
});

test('every event is one line in the log', () => {
  links.cut('alice', 'bob');
  links.heal('alice', 'bob');
  const lines = readFileSync(join(temp.path, 'links.log'), 'utf8').trim().split('\n');
  expect(lines.map((line) => JSON.parse(line) as object)).toEqual([
    expect.objectContaining({ op: 'cut', link: 'alice–bob', connections: 0, bytes: 0, isCut: true }),
    expect.objectContaining({ op: 'heal', link: 'alice–bob', isCut: false }),
  ]);
});

test.each([
  [() => links.cut('alice', 'dave'), 'no process is called dave; there are alice, bob, carol'],
  [() => links.heal('bob', 'bob'), 'a link is between two processes; bob was named twice'],
  [() => links.delay('alice', 'bob', 0.5), 'a delay is a whole number of milliseconds from 1 to 60000, not 0.5'],
])('a wrong link is refused in one line (%#)', (ask, line) => {
  expect(ask).toThrow(line);
});
