import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { ProblemError } from '@wiber/contracts';
import { monotonicNow, type MonotonicClock } from '@wiber/resilience';
import { ClientConnection } from './client.connection.ts';
import { ConnectionTable } from './connection.table.ts';
import { makeRoom, mostWaiting, overdueReason, shedBacklog } from './connection.care.ts';
import type { CloseReason, ConnectionLimits } from './connection.limits.ts';
import { onQuietClose } from './quiet.close.ts';
import { answerProblem } from './raw.problem.ts';
import { SHUTTING_DOWN, TOO_MANY_CONNECTIONS, TOO_MANY_REQUESTS } from './refusals.ts';
import { RequestTurns } from './request.turns.ts';
import type { TimeShare } from './time.share.ts';
import { TurnBudget } from './turn.budget.ts';

/** How often the guard looks at every connection, in milliseconds. */
const LOOK_MS = 250;
/** Connections over the limit that may be open at once, to be told so. */
const GUESTS_MAX = 256;
/** Answered at once and over the limits: an orchestrator kills an app that does not answer, a balancer sends nothing to it. */
const PROBES = new Set(['/health/liveness', '/health/serving']);

export interface GuardOptions {
  limits: ConnectionLimits;
  /** Called for each request that gets a problem here. */
  onRefused?: ((problem: ProblemError) => void) | undefined;
  onClosed: (reason: CloseReason) => void;
  /** Called after each look at the connections. */
  onLook?: () => void;
  budget?: Pick<TurnBudget, 'count' | 'isSpent'>;
  /** The share of time that requests have which wait behind others of their connection. */
  share?: Pick<TimeShare, 'begin' | 'end'>;
  now?: MonotonicClock;
}

/**
 * Stands between Node's HTTP server and the application. It bounds connections, requests in hand and answers that nobody
 * reads, and ends connections in order when the app stops. The application sees a request only when it may start.
 */
export class ConnectionGuard {
  private readonly options: GuardOptions;
  private readonly now: MonotonicClock;
  private readonly handle: RequestListener;
  private readonly connections = new ConnectionTable();
  private readonly turns: RequestTurns;
  private readonly budget: Pick<TurnBudget, 'count' | 'isSpent'>;
  private readonly isTurnSpent = () => this.budget.isSpent;
  private readonly othersWait = (connection: ClientConnection) => this.turns.hasOthersThan(connection);
  private readonly onAnswered: (this: ServerResponse) => void;
  private phase: 'serving' | 'draining' | 'closing' = 'serving';
  /** Since the last look it was tried to make room for requests. */
  private isRoomTried = false;
  /** The time of the last look: exact enough for limits of seconds, and free for a request. */
  private lookedAt: number;

  /** @param server one whose only request listener is the application, and that does not listen yet */
  constructor(server: Server, options: GuardOptions) {
    this.options = options;
    this.now = options.now ?? monotonicNow;
    this.budget = options.budget ?? new TurnBudget();
    this.turns = new RequestTurns((connection) => this.continue(connection), options.share);
    this.lookedAt = this.now();
    const [handle, ...more] = server.listeners('request') as RequestListener[];
    if (!handle || more.length > 0) throw new Error('the guard needs a server with one request listener');
    this.handle = handle;
    const answered = (response: ServerResponse) => this.answered(response);
    this.onAnswered = function () {
      answered(this);
    };
    server.removeAllListeners('request').on('request', (request, response) => this.take(request, response));
    server.on('connection', (socket) => this.open(socket));
    // One more than there is room for, so that a new guest can take the place of another.
    server.maxConnections = options.limits.connectionsMax + GUESTS_MAX + 1;
    server.keepAliveTimeout = options.limits.idleTimeoutMs;
    // Node's name for: answer a client that closes its half after sending (RFC 9112, section 9.6). Not in its manual.
    Object.assign(server, { httpAllowHalfOpen: true });
    let looks: NodeJS.Timeout | undefined;
    server.on('listening', () => (looks = setInterval(() => this.look(), LOOK_MS).unref()));
    server.on('close', () => clearInterval(looks));
  }

  get openConnections(): number {
    return this.connections.size;
  }

  get requestsInHand(): number {
    return this.connections.requests;
  }

  /** From now on the last answer of each connection says `Connection: close`. Requests are still taken. */
  drain(): void {
    this.phase = 'draining';
    for (const connection of this.connections.values()) connection.endWith();
  }

  /** From now on a new request gets 503. Requests that were started go on; connections that wait for nothing are closed. */
  close(): void {
    if (this.phase === 'serving') this.drain();
    this.phase = 'closing';
    for (const connection of this.connections.values()) if (connection.waiting > 0) this.turns.add(connection);
  }

  /**
   * Lets an answer last: no limit of time ends it, and it is the last one of its connection. False when it can't be, because
   * an answer before it is the last one, or a request behind it is worked on already.
   */
  letStream(response: ServerResponse): boolean {
    const behind = this.connections.get(response.req.socket)?.letStream(response);
    for (const dropped of behind ?? []) dropped.off('close', this.onAnswered);
    this.connections.dropWaiting(behind?.length ?? 0);
    return behind !== undefined;
  }

  /** Cuts every connection. Returns how many requests were in hand. */
  cutAll(): number {
    const inHand = this.requestsInHand;
    for (const connection of this.connections.values()) this.cut(connection, 'stopped');
    return inHand;
  }

  private open(socket: Socket): void {
    // Node takes its own listener away before it emits 'connect', and once it has seen one error. The process must not end
    // by an error of a client's connection: 'close' follows, and it is all that anybody needs to know.
    socket.on('error', () => undefined);
    const { connectionsMax } = this.options.limits;
    if (this.connections.residents >= connectionsMax) this.makeRoom({ limit: connectionsMax, isIdleToo: true });
    const isGuest = this.connections.residents >= connectionsMax;
    if (isGuest && this.connections.guestCount >= GUESTS_MAX) {
      const guest = this.connections.nextGuestToGo;
      if (guest) this.cut(guest, 'too_many_connections');
    }
    const { isTurnSpent, othersWait } = this;
    const connection = new ClientConnection(socket, { now: this.lookedAt, isGuest, isTurnSpent, othersWait });
    this.connections.add(connection);
    onQuietClose(socket, () => this.connections.remove(connection));
  }

  private makeRoom(room: { limit: number; isIdleToo: boolean }): void {
    for (const connection of makeRoom(this.connections.values(), { now: this.lookedAt, ...room }))
      this.cut(connection, connection.isIdle ? 'idle_longest' : 'stalled_longest');
  }

  private take(request: IncomingMessage, response: ServerResponse): void {
    const connection = this.connections.get(request.socket);
    // No answer of a closed connection arrives: the client repeats what it sent after the last answer.
    if (!connection || connection.saidClose) return;
    const isFirst = connection.isIdle;
    const isProbe = PROBES.has(request.url ?? '');
    if (isFirst && !isProbe && this.isOverloaded(connection)) return this.refuseOverload(connection, response);
    if (this.phase !== 'serving' || connection.isGuest) connection.endWith(response);
    this.budget.count();
    const mayStart = isFirst && (isProbe || !this.budget.isSpent);
    connection.add(response, { mayStart, now: this.lookedAt });
    this.connections.countWaiting();
    response.on('close', this.onAnswered);
    if (mayStart) return void this.startNext(connection);
    this.turns.add(connection, isFirst);
    if (this.connections.waiting > this.options.limits.waitingMax)
      this.cut(mostWaiting(this.connections.values()) ?? connection, 'too_many_waiting');
  }

  private isOverloaded({ isGuest }: ClientConnection): boolean {
    const { requestsMax } = this.options.limits;
    if (isGuest || this.connections.workedOn < requestsMax || this.isRoomTried)
      return isGuest || this.connections.workedOn >= requestsMax;
    this.isRoomTried = true;
    this.connections.countUnread();
    if (this.connections.workedOn >= requestsMax) this.makeRoom({ limit: requestsMax, isIdleToo: false });
    return this.connections.workedOn >= requestsMax;
  }

  private refuseOverload(connection: ClientConnection, response: ServerResponse): void {
    const reason = connection.isGuest ? 'too_many_connections' : 'too_many_requests';
    this.options.onClosed(reason);
    connection.endWith(response);
    this.refuse(response, connection.isGuest ? TOO_MANY_CONNECTIONS : TOO_MANY_REQUESTS);
  }

  private refuse(response: ServerResponse, problem: ProblemError): void {
    this.options.onRefused?.(problem);
    answerProblem(response, problem);
  }

  /** Starts one waiting request of the connection; false when none may start now. */
  private startNext(connection: ClientConnection): boolean {
    const isClosing = this.phase === 'closing';
    const { pipelineMax, requestsMax } = this.options.limits;
    // Over the limit a connection has one request at a time: its answer starts the next one.
    const atOnce = this.connections.workedOn < requestsMax ? pipelineMax : 1;
    const response = connection.startNext(isClosing ? Infinity : atOnce);
    if (!response) return false;
    this.connections.countStarted();
    if (!isClosing) this.handle(response.req, response);
    else this.refuse(response, SHUTTING_DOWN);
    return true;
  }

  /** Starts one waiting request, and reads on once none waits; false when none may start now. */
  private continue(connection: ClientConnection): boolean {
    const isStarted = this.startNext(connection);
    connection.readOn();
    return isStarted || (this.phase === 'closing' && connection.waiting > 0);
  }

  private answered(response: ServerResponse): void {
    const connection = this.connections.answered(response, this.lookedAt);
    if (connection && connection.waiting > 0) this.turns.add(connection);
  }

  private look(): void {
    const now = this.now();
    this.lookedAt = now;
    this.isRoomTried = false;
    this.connections.countUnread();
    const at = {
      now,
      answerTimeoutMs: this.options.limits.answerTimeoutMs,
      isStopping: this.phase !== 'serving',
      isClosing: this.phase === 'closing',
    };
    for (const connection of this.connections.values()) {
      const reason = overdueReason(connection, at);
      if (reason) this.cut(connection, reason);
    }
    for (const largest of shedBacklog(this.connections.values(), this.options.limits.answersMaxMb * 2 ** 20))
      this.cut(largest, 'large_backlog');
    this.options.onLook?.();
  }

  private cut(connection: ClientConnection, reason: CloseReason): void {
    this.connections.remove(connection);
    if (reason !== 'left_open') this.options.onClosed(reason);
    connection.socket.destroy();
  }
}
