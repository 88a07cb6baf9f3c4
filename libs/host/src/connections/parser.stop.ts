import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';

/** llhttp: a callback returns it to stop the parser behind the head of a request. Source: HPE_PAUSED in llhttp.h. */
const PAUSED = 21;
const NOTHING = Buffer.alloc(0);

type Executed = number | (Error & { code?: string; bytesParsed: number });
type OnExecute = (executed: Executed) => void;

/** The part of Node's parser that is needed to stop it. It is internal: the specs of the guard fail if a Node changes it. */
interface NodeParser {
  onIncoming: ((request: IncomingMessage, keepAlive: boolean) => number) | null;
  resume: () => void;
  execute: (bytes: Buffer) => Executed;
  getCurrentBuffer: () => Buffer;
  [callback: number]: unknown;
}
export type HttpSocket = Socket & { parser?: NodeParser | null };

const placeOfOnExecute = (parser: NodeParser): number | undefined => {
  const found = Object.entries(parser).find(
    ([, value]) => typeof value === 'function' && value.name === 'bound onParserExecute',
  );
  return found && Number(found[0]);
};

export interface StopRules {
  /** Asked after each request: nothing behind it is parsed until `parseOn`. */
  mustStop: () => boolean;
  /** No request is answered any more: what follows is dropped. */
  isOver: () => boolean;
}

/**
 * Stops Node's parser between two requests. By itself it parses all that one read brought, 64 KiB with 2,400 requests, before
 * any other event has its turn. What is not parsed is kept.
 */
export class ParserStop {
  private readonly socket: HttpSocket;
  private readonly parser: NodeParser | undefined;
  private readonly rules: StopRules;
  private onExecute: OnExecute | undefined;
  private stoppedAt: IncomingMessage | undefined;
  private rest: Buffer | undefined;

  constructor(socket: HttpSocket, rules: StopRules) {
    this.socket = socket;
    this.rules = rules;
    const { parser } = socket;
    const place = parser?.onIncoming ? placeOfOnExecute(parser) : undefined;
    if (!parser?.onIncoming || place === undefined) return;
    this.parser = parser;
    const { onIncoming } = parser;
    parser.onIncoming = (request, keepAlive) => {
      const verdict = onIncoming(request, keepAlive);
      if (verdict !== 0 || !this.rules.mustStop()) return verdict;
      this.stoppedAt = request;
      return PAUSED;
    };
    const onExecute = (parser[place] as OnExecute).bind(parser);
    this.onExecute = onExecute;
    parser[place] = (executed: Executed) =>
      onExecute(this.stoppedAt ? this.keep(executed, () => parser.getCurrentBuffer()) : executed);
  }

  /** Bytes are kept that were not parsed. */
  get isStopped(): boolean {
    return this.rest !== undefined;
  }

  /** Parses what was kept. It may have to stop again. */
  parseOn(): void {
    const { rest, parser } = this;
    this.rest = undefined;
    if (!rest || !parser || this.socket.parser !== parser) return;
    parser.resume();
    const executed = parser.execute(rest);
    this.onExecute?.(this.stoppedAt ? this.keep(executed, () => rest) : executed);
  }

  /** Keeps what is behind the request at which the parser stopped. Returns how many bytes were parsed, or the error. */
  private keep(executed: Executed, bytesOf: () => Buffer): Executed {
    if (typeof executed === 'number' || executed.code !== 'HPE_PAUSED') return executed;
    // The parser stays stopped: each further read ends here, too.
    if (this.rules.isOver()) return executed.bytesParsed;
    const bytes = bytesOf().subarray(executed.bytesParsed);
    // The body belongs to the request before the stop. Node's time limit for a request ends with its last byte.
    const own = Number(this.stoppedAt?.headers['content-length'] ?? 0);
    this.stoppedAt = undefined;
    this.parser?.resume();
    const body = this.parser?.execute(own > 0 ? bytes.subarray(0, own) : NOTHING);
    if (typeof body === 'object') return body;
    this.rest = bytes.subarray(own);
    return executed.bytesParsed + Math.min(own, bytes.length);
  }
}
