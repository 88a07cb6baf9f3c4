import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';

/** llhttp: a callback returns it to stop the parser behind the head of a request. Source: HPE_PAUSED in llhttp.h. */
const PAUSED = 21;
const NOTHING = Buffer.alloc(0);

/** The last request, which asks for another protocol. */
interface DeclinedUpgrade {
  request: IncomingMessage;
  /** It also asks to close the connection. */
  isLast: boolean;
  /** Node's parser has stopped behind it. Until the next request it hides errors, too. */
  isPassed: boolean;
}

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

/** Stands for an error that Node's parser met and did not report. */
const hiddenError = (bytesParsed: number): Executed =>
  Object.assign(new Error('Parse Error: what follows is no request'), { code: 'HPE_INVALID_CONSTANT', bytesParsed });

/**
 * Stops Node's parser between two requests. By itself it parses all that one read brought, 64 KiB with 2,400 requests, before
 * any other event has its turn. What is not parsed is kept.
 *
 * A request that asks for another protocol is answered as any other (RFC 9110, section 7.8). Node stops its parser behind it
 * and drops the rest of the read, although no server here takes another protocol. That rest is parsed, too.
 */
export class ParserStop {
  private readonly socket: HttpSocket;
  private readonly parser: NodeParser | undefined;
  private readonly rules: StopRules;
  private onExecute: OnExecute | undefined;
  private stoppedAt: IncomingMessage | undefined;
  private rest: Buffer | undefined;
  private declined: DeclinedUpgrade | undefined;

  constructor(socket: HttpSocket, rules: StopRules) {
    this.socket = socket;
    this.rules = rules;
    const { parser } = socket;
    const place = parser?.onIncoming ? placeOfOnExecute(parser) : undefined;
    if (!parser?.onIncoming || place === undefined) return;
    this.parser = parser;
    const { onIncoming } = parser;
    parser.onIncoming = (request, keepAlive) => {
      // Node clears it when the server declines.
      const { upgrade: isUpgrade } = request as IncomingMessage & { upgrade?: boolean };
      const verdict = onIncoming(request, keepAlive);
      this.declined = isUpgrade && verdict === 0 ? { request, isLast: !keepAlive, isPassed: false } : undefined;
      if (verdict !== 0 || !this.rules.mustStop()) return verdict;
      this.stoppedAt = request;
      return PAUSED;
    };
    const onExecute = (parser[place] as OnExecute).bind(parser);
    this.onExecute = onExecute;
    parser[place] = (executed: Executed) => onExecute(this.finish(executed, () => parser.getCurrentBuffer()));
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
    this.onExecute?.(this.finish(parser.execute(rest), () => rest));
  }

  /** Keeps what is behind a stop of ours, and parses what is behind a stop of Node's. */
  private finish(executed: Executed, bytesOf: () => Buffer): Executed {
    if (this.stoppedAt) return this.keep(executed, bytesOf);
    const { declined, parser } = this;
    if (!declined || !parser || typeof executed !== 'number') return executed;
    const { complete: isComplete } = declined.request;
    const rest = bytesOf().subarray(executed);
    if (rest.length > 0 && (declined.isPassed || !isComplete)) return hiddenError(executed);
    declined.isPassed = isComplete;
    if (declined.isLast || rest.length === 0) return executed;
    return this.finish(parser.execute(rest), () => rest);
  }

  /** Keeps what is behind the request at which the parser stopped. Returns how many bytes were parsed, or the error. */
  private keep(executed: Executed, bytesOf: () => Buffer): Executed {
    const parsed = this.parsedBeforeStop(executed);
    if (parsed === undefined) return executed;
    // The parser stays stopped: each further read ends here, too.
    if (this.rules.isOver()) return parsed;
    const bytes = bytesOf().subarray(parsed);
    // The body belongs to the request before the stop. Node's time limit for a request ends with its last byte.
    const own = Number(this.stoppedAt?.headers['content-length'] ?? 0);
    this.stoppedAt = undefined;
    this.parser?.resume();
    const body = this.parser?.execute(own > 0 ? bytes.subarray(0, own) : NOTHING);
    if (typeof body === 'object') return body;
    this.rest = bytes.subarray(own);
    if (this.declined?.request.complete) {
      this.declined.isPassed = true;
      if (this.declined.isLast) this.rest = NOTHING;
    }
    return parsed + Math.min(own, bytes.length);
  }

  /** Undefined when the parser did not stop, but met an error. Of a request for another protocol it reports no error. */
  private parsedBeforeStop(executed: Executed): number | undefined {
    if (typeof executed !== 'number') return executed.code === 'HPE_PAUSED' ? executed.bytesParsed : undefined;
    return this.declined && this.declined.request === this.stoppedAt ? executed : undefined;
  }
}
