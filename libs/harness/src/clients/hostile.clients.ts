import {
  CHEAP_REQUESTS,
  HALF_A_REQUEST,
  cheapRequests,
  countAll,
  figures,
  fileAndProbes,
  largePage,
  overview,
  postWithMarks,
  postWithObjects,
  postWithUnknownFields,
  smallRequests,
  usualPage,
  waitForPlace,
  type DrawWhole,
} from './hostile.requests.ts';
import { HostileCounts, HostileSocket } from './hostile.socket.ts';

/** How much of each attack runs at a time. What is not given is not done. */
export interface HostilePlan {
  /** Bodies of 64 KiB whose names are combining marks, a round, each on a connection of its own. */
  marks?: number;
  /** Bodies of 64 KiB of unknown fields, a round, each on a connection of its own. */
  fields?: number;
  /** Bodies of 64 KiB of objects, a round, each on a connection of its own. */
  objects?: number;
  /** Connections that send 64 KiB of small requests at once, a round. */
  floods?: number;
  /** Pipelined reads with `Prefer: wait` on one connection, a round. */
  waits?: number;
  /** Pipelined counts on one connection, a round. */
  counts?: number;
  /** Pipelined series of figures, each another one, on one connection, a round. */
  figures?: number;
  /** Pipelined overviews on one connection, a round. */
  overviews?: number;
  /** Pipelined pages of the usual size on one connection, a round. */
  pages?: number;
  /** Connections that hold half a request. */
  halfOpen?: number;
  /** Connections that ask for large pages and take no byte. */
  deaf?: number;
  /** Connections that ask for the largest file of the docs and for probes, and take no byte. */
  deafToFiles?: number;
  /** Connections that never stop to send cheap requests: the next ones before the last are answered. */
  pipelined?: number;
}

/** What differs from request to request. */
export interface HostileChoice {
  whole: DrawWhole;
  /** The users of a conversation, of which pages are read. */
  conversation: () => readonly [string, string];
}

/** The bound of a round: what is not answered by then is given up. */
const ROUND_MS = 12_000;
const BETWEEN_ROUNDS_MS = 1000;
const PAGES_OF_A_DEAF_CLIENT = 30;
/** So many groups of cheap requests of one connection are not answered yet, about. */
const GROUPS_IN_FLIGHT = 100;
/** Requests in one write, so that building them does not keep this process from its own sends. */
const CHUNK = 500;

/** Clients that mean harm, on bare connections to one gateway. Bounded in count; all connections end with `stop`. */
export class HostileClients {
  readonly counts = new HostileCounts();
  private readonly url: string;
  private readonly open = new Set<HostileSocket>();
  private readonly running: Promise<unknown>;
  private stopping = false;

  constructor(url: string, plan: HostilePlan, { whole, conversation }: HostileChoice) {
    this.url = url;
    const { marks = 0, fields = 0, objects = 0, floods = 0, waits = 0, counts = 0 } = plan;
    const { figures: series = 0, overviews = 0, pages = 0 } = plan;
    const { halfOpen = 0, deaf = 0, deafToFiles = 0, pipelined = 0 } = plan;
    this.running = Promise.all([
      this.rounds(() => this.atOnce('posts of combining marks', marks, postWithMarks)),
      this.rounds(() => this.atOnce('posts of unknown fields', fields, postWithUnknownFields)),
      this.rounds(() => this.atOnce('posts of objects', objects, postWithObjects)),
      this.rounds(() => this.atOnce('floods of small requests', floods, smallRequests)),
      this.rounds(() => this.pipeline('waits', waits, () => waitForPlace(whole))),
      this.rounds(() => this.pipeline('counts', counts, countAll)),
      this.rounds(() => this.pipeline('series of figures', series, () => figures(whole))),
      this.rounds(() => this.pipeline('overviews', overviews, overview)),
      this.rounds(() => this.pipeline('pages', pages, () => usualPage(conversation()))),
      this.holdOpen('half requests', halfOpen, { reads: true, bytes: () => HALF_A_REQUEST }),
      this.holdOpen('clients that read nothing', deaf, {
        reads: false,
        bytes: () => largePage(conversation()).repeat(PAGES_OF_A_DEAF_CLIENT),
      }),
      this.holdOpen('clients that read no file', deafToFiles, { reads: false, bytes: fileAndProbes }),
      ...Array.from({ length: pipelined }, () => this.rounds(() => this.neverStop())),
    ]);
  }

  /** Resolves once all connections are closed. */
  async stop(): Promise<void> {
    this.stopping = true;
    for (const socket of this.open) socket.destroy();
    await this.running;
  }

  private async rounds(round: () => Promise<void>): Promise<void> {
    while (!this.stopping) {
      await round();
      await this.pause(BETWEEN_ROUNDS_MS);
    }
  }

  /** Each request has a connection of its own, and all are sent together. */
  private async atOnce(name: string, count: number, request: () => string): Promise<void> {
    const sockets = Array.from({ length: count }, () => this.connect(true));
    for (const socket of sockets) socket.write(request());
    if (count > 0) this.counts.add(this.counts.requests, name, count);
    await Promise.all(sockets.map((socket) => socket.answers(1, ROUND_MS)));
    for (const socket of sockets) this.close(socket);
  }

  private async pipeline(name: string, count: number, request: () => string): Promise<void> {
    if (count === 0) return;
    const socket = this.connect(true);
    for (let sent = 0; sent < count && !this.stopping && !socket.isClosed; sent += CHUNK) {
      const length = Math.min(CHUNK, count - sent);
      socket.write(Array.from({ length }, request).join(''));
      this.counts.add(this.counts.requests, name, length);
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
    await socket.answers(count, ROUND_MS);
    this.close(socket);
  }

  /** Sends until the connection is closed. One that the gateway closes is opened again in the next round. */
  private async neverStop(): Promise<void> {
    const socket = this.connect(true);
    const groups = cheapRequests().repeat(GROUPS_IN_FLIGHT / 2);
    const requests = (CHEAP_REQUESTS * GROUPS_IN_FLIGHT) / 2;
    for (let sent = 0; !this.stopping && !socket.isClosed; sent += requests) {
      socket.write(groups);
      this.counts.add(this.counts.requests, 'cheap requests', requests);
      await socket.answers(sent, ROUND_MS);
    }
    this.close(socket);
  }

  /** Keeps so many connections open: one that the gateway closes is opened again in the next round. */
  private async holdOpen(
    name: string,
    count: number,
    { reads, bytes }: { reads: boolean; bytes: () => string },
  ): Promise<void> {
    let held: HostileSocket[] = [];
    await this.rounds(async () => {
      held = held.filter((socket) => !socket.isClosed || !this.open.delete(socket));
      while (held.length < count && !this.stopping) {
        const socket = this.connect(reads);
        socket.write(bytes());
        this.counts.add(this.counts.requests, name);
        held.push(socket);
      }
    });
    for (const socket of held) this.close(socket);
  }

  private connect(reads: boolean): HostileSocket {
    const socket = new HostileSocket(this.url, { counts: this.counts, reads });
    this.open.add(socket);
    return socket;
  }

  private close(socket: HostileSocket): void {
    socket.destroy();
    this.open.delete(socket);
  }

  private async pause(ms: number): Promise<void> {
    const until = performance.now() + ms;
    while (!this.stopping && performance.now() < until) await new Promise<void>((resolve) => setTimeout(resolve, 50));
  }
}
