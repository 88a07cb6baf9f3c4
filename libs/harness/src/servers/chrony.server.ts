import { spawn, type ChildProcess } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { globSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../eventually.ts';
import { ProcessGuard, endChild } from '../process.guard.ts';
import { faketimeLeftoversOf, hasFaketime, wrongWallClock } from './faketime.ts';

const HOSTS = ['127.0.0.1', '::1'] as const;
const PLACES = ['/usr/sbin/chronyd', '/usr/bin/chronyd', '/usr/local/sbin/chronyd'];
/** It ends by itself after so many seconds. */
const LIFE_S = 300;

export interface ChronyOptions {
  /** How far the clock that it serves is ahead of this machine's, in seconds, by libfaketime. */
  offsetSeconds?: number;
  stratum?: number;
  /** A free one by default. */
  port?: number;
}

/**
 * A real chronyd that serves this machine's clock, or one that is a set time away from it, on a free port of loopback. It sets
 * no clock, runs as the current user, and leaves no file behind. Nothing of it outlives `stop`, or the end of this process.
 */
export class ChronyServer {
  readonly port: number;
  private readonly child: ChildProcess;
  private readonly guard: ProcessGuard;

  private constructor({ port, folder, child }: { port: number; folder: string; child: ChildProcess }) {
    this.port = port;
    this.child = child;
    this.guard = new ProcessGuard({ child, paths: [folder, ...faketimeLeftoversOf(child.pid)] });
  }

  /** What is missing for such a server, and how to get it. Undefined while nothing is. */
  static missing({ offsetSeconds = 0 }: ChronyOptions = {}): string | undefined {
    if (globSync(PLACES).length === 0)
      return 'there is no chronyd, so NTP is not tested against a real server; install chrony (Debian: chrony)';
    if (offsetSeconds !== 0 && !hasFaketime())
      return 'there is no libfaketime, so no chronyd with a wrong clock is tested; install it (Debian: libfaketime)';
    return undefined;
  }

  /** Resolves once it answers. @throws Error when something is missing, or it does not answer */
  static async start(options: ChronyOptions = {}): Promise<ChronyServer> {
    const missing = ChronyServer.missing(options);
    if (missing !== undefined) throw new Error(missing);
    const { offsetSeconds = 0, stratum = 3, port = await freePort() } = options;
    const folder = mkdtempSync(join(tmpdir(), 'wiber-chrony-'));
    const config = join(folder, 'chrony.conf');
    writeFileSync(config, configOf(folder, { port, stratum }));
    const args = ['-x', '-d', '-U', '-u', userInfo().username, '-t', String(LIFE_S), '-f', config];
    const env = offsetSeconds === 0 ? process.env : { ...process.env, ...wrongWallClock(offsetSeconds) };
    const child = spawn(globSync(PLACES)[0]!, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
    const server = new ChronyServer({ port, folder, child });
    const said: string[] = [];
    child.stderr?.setEncoding('utf8').on('data', (text: string) => said.push(text));
    child.on('error', (error) => said.push(error.message));
    try {
      await eventually(async () => {
        if (child.exitCode !== null) throw new Error(`chronyd ended: ${said.join('')}`);
        await askPlainly(port);
      });
    } catch (error) {
      await server.stop();
      throw error;
    }
    return server;
  }

  /** Its address on loopback, as NTP_SERVERS takes it. */
  get address(): string {
    return `${HOSTS[0]}:${this.port}`;
  }

  async stop(): Promise<void> {
    await endChild(this.child);
    await this.guard.close();
  }
}

/** chronyd removes its pid file at its end, whatever that is: it must be a file of its own. No commands are taken. */
const configOf = (folder: string, { port, stratum }: { port: number; stratum: number }): string =>
  [
    `port ${port}`,
    ...HOSTS.flatMap((host) => [`bindaddress ${host}`, `allow ${host}`]),
    `local stratum ${stratum}`,
    'cmdport 0',
    'bindcmdaddress /',
    `pidfile ${join(folder, 'chronyd.pid')}`,
    '',
  ].join('\n');

/** A port of UDP that nobody has now. */
const freePort = async (): Promise<number> => {
  const socket = createSocket('udp4');
  socket.bind(0, HOSTS[0]);
  await once(socket, 'listening');
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(resolve));
  return port;
};

const ANSWER_MS = 200;

/** Sends a question of NTP. @throws Error when nothing comes back */
const askPlainly = async (port: number): Promise<void> => {
  const socket = createSocket('udp4');
  const question = Buffer.alloc(48);
  question[0] = 0x23;
  try {
    const answered = once(socket, 'message', { signal: AbortSignal.timeout(ANSWER_MS) });
    socket.send(question, port, HOSTS[0]);
    await answered;
  } finally {
    socket.close();
  }
};
