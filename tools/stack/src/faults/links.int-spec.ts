import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import fc from 'fast-check';
import { Links, OWN_HOST } from './links.ts';
import { SpecFolder, until } from '../spec-support/stack.run.ts';

/** Sends back what it gets, and keeps what it got of each connection. */
class Echo {
  readonly server: Server;
  readonly heard: { text: string; ended: boolean }[] = [];

  constructor() {
    this.server = createServer((socket) => {
      const heard = { text: '', ended: false };
      this.heard.push(heard);
      socket.on('data', (bytes: Buffer) => {
        heard.text += bytes.toString('latin1');
        socket.write(bytes);
      });
      socket.on('error', () => (heard.ended = true));
      socket.on('end', () => (heard.ended = true));
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
  got = '';
  closed = false;

  constructor(port: number) {
    this.socket = connect(port, '127.0.0.1');
    this.socket.on('data', (bytes: Buffer) => (this.got += bytes.toString('latin1')));
    this.socket.on('error', () => undefined);
    this.socket.on('close', () => (this.closed = true));
  }

  async roundTrip(text: string): Promise<void> {
    const length = this.got.length + text.length;
    this.socket.write(text, 'latin1');
    await until(() => this.got.length >= length, `${text} comes back`);
  }
}

let place: SpecFolder;
let echo: Echo;
let links: Links;
/** alice is this process, and bob the server. Nobody here is carol, whose connections a child opens. */
const pids = new Map<string, number>();
const opened: Client[] = [];
const children: ChildProcess[] = [];
let port: number;
const client = (at = port): Client => {
  opened.push(new Client(at));
  return opened.at(-1)!;
};

beforeEach(async () => {
  place = new SpecFolder();
  echo = new Echo();
  pids.clear();
  for (const [name, pid] of Object.entries({ alice: process.pid, bob: 1, carol: -1 })) pids.set(name, pid);
  links = new Links({ log: join(place.folder, 'links.log'), pids: () => pids });
  port = await links.lead('bob', await echo.listen());
});
afterEach(async () => {
  for (const { socket } of opened.splice(0)) socket.destroy();
  for (const child of children.splice(0)) child.kill('SIGKILL');
  links.close();
  await new Promise((resolve) => echo.server.close(resolve));
  place.remove();
});

/** What goes to bob by another way than the cut one has come back: what the cut let through would be there too. */
const othersGoThrough = async (): Promise<void> => {
  const free = new Links({ log: join(place.folder, 'free.log'), pids: () => new Map() });
  const { port: own } = echo.server.address() as AddressInfo;
  const other = client(await free.lead('bob', own));
  for (const text of ['one', 'two', 'three']) await other.roundTrip(text);
  other.socket.destroy();
  free.close();
};

const action = fc.oneof(
  fc.record({ type: fc.constant('send' as const), size: fc.integer({ min: 1, max: 300_000 }) }),
  fc.record({ type: fc.constant('delay' as const), ms: fc.integer({ min: 1, max: 15 }) }),
  fc.constantFrom({ type: 'cut' as const }, { type: 'heal' as const }, { type: 'wait' as const }),
);

test('bytes arrive whole and in their order through any cuts, delays and heals', async () => {
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
      await until(() => alice.got.length >= sent.length, 'all of it is back');
      expect(alice.got === sent).toBe(true);
      alice.socket.end();
      await until(() => alice.closed, 'the end comes through both ways');
    }),
    { numRuns: 40 },
  );
}, 60_000);

test('over a cut nothing arrives, neither bytes nor an end nor a new connection, until it is healed', async () => {
  const [alice, leaving] = [client(), client()];
  await alice.roundTrip('hello');
  await leaving.roundTrip('hello');
  expect(links.cut('bob', 'alice')).toEqual({ link: 'alice–bob', connections: 2, bytes: 0 });
  alice.socket.write('held');
  leaving.socket.resetAndDestroy();
  const late = client();
  await once(late.socket, 'connect');
  late.socket.write('late');
  await othersGoThrough();
  expect(echo.heard.map(({ text, ended }) => ({ text, ended }))).toEqual([
    { text: 'hello', ended: false },
    { text: 'hello', ended: false },
    { text: 'onetwothree', ended: expect.any(Boolean) as boolean },
  ]);
  expect(links.heal('alice', 'bob')).toEqual({ link: 'alice–bob', connections: 3, bytes: 'heldlate'.length });
  await until(() => alice.got === 'helloheld' && late.got === 'late', 'what was held is echoed');
  await until(() => echo.heard[1]!.ended, 'the server hears of the failure');
});

test('who gives up while the link is cut was never there', async () => {
  links.cut('alice', 'bob');
  const gone = client();
  await once(gone.socket, 'connect');
  gone.socket.end('never');
  await until(() => links.cut('alice', 'bob').bytes === 'never'.length, 'the proxy holds what it sent');
  await othersGoThrough();
  expect(links.heal('alice', 'bob').connections).toBe(1);
  await othersGoThrough();
  expect(echo.heard.map(({ text }) => text)).toEqual(['onetwothree', 'onetwothree']);
});

test('what is sent over a delayed link comes back after two delays, not sooner', async () => {
  links.delay('alice', 'bob', 60);
  const since = performance.now();
  const alice = client();
  await alice.roundTrip('hello');
  expect(performance.now() - since).toBeGreaterThanOrEqual(2 * 60);
});

test('a link holds for a name: who is started again is cut off too', async () => {
  const program = `require('net').connect(${port}, '127.0.0.1').on('data', (b) => process.stdout.write(b)).write('carol')`;
  const start = (): { said: () => string } => {
    const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    let said = '';
    child.stdout.on('data', (bytes: Buffer) => (said += bytes.toString()));
    pids.set('carol', child.pid!);
    return { said: () => said };
  };
  const first = start();
  await until(() => first.said() === 'carol', 'carol is answered');
  links.cut('carol', 'bob');
  children[0]!.kill('SIGKILL');
  const second = start();
  await until(() => links.cut('carol', 'bob').bytes === 'carol'.length, 'what the second carol sent is held');
  expect(second.said()).toBe('');
  links.heal('bob', 'carol');
  await until(() => second.said() === 'carol', 'the second carol is answered');
});

test('nobody of the stack is never cut off', async () => {
  pids.delete('alice');
  pids.set('alice', 1);
  links.cut('alice', 'bob');
  await client().roundTrip('hello');
});

test('a server that is not there ends the connection', async () => {
  const nowhere = client(await links.lead('bob', 1));
  await until(() => nowhere.closed, 'it is closed');
});

test('every event is a line of the log', () => {
  links.cut('alice', 'bob');
  links.heal('alice', 'bob');
  const lines = readFileSync(join(place.folder, 'links.log'), 'utf8').trim().split('\n');
  expect(lines.map((line) => JSON.parse(line) as object)).toEqual([
    expect.objectContaining({ op: 'cut', link: 'alice–bob', connections: 0, bytes: 0, isCut: true }),
    expect.objectContaining({ op: 'heal', link: 'alice–bob', isCut: false }),
  ]);
});

test.each([
  [() => links.cut('alice', 'dave'), 'no process is called dave; there are alice, bob, carol'],
  [() => links.heal('bob', 'bob'), 'a link is between two processes; bob was named twice'],
  [() => links.delay('alice', 'bob', 0.5), 'a delay is a whole number of milliseconds from 1 to 60000, not 0.5'],
])('a link that cannot be is refused in one line (%#)', (ask, line) => {
  expect(ask).toThrow(line);
});
