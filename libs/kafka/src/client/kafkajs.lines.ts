import { logLevel, type LogEntry } from 'kafkajs';
import type { MonotonicClock } from '@wiber/resilience';
import type { LogLine } from './log.line.ts';

/** How long lines like one that was written are only counted, in milliseconds. */
export const QUIET_MS = 10_000;
/** Kinds of lines that are known at one time. */
const KINDS_MAX = 200;

const LEVELS = {
  [logLevel.NOTHING]: 'debug',
  [logLevel.ERROR]: 'error',
  [logLevel.WARN]: 'warn',
  [logLevel.INFO]: 'info',
  [logLevel.DEBUG]: 'debug',
} as const;

/** What kafkajs says when settings may be the reason, and what to look at. */
const HINTS: readonly { says: RegExp; when?: 'plain' | 'no-login'; hint: string }[] = [
  {
    says: /Closed connection|Connection timeout|socket hang up/,
    when: 'plain',
    hint: 'a broker that asks for TLS or a login closes such a connection; then set KAFKA_SSL, and KAFKA_SASL_MECHANISM for a login',
  },
  {
    says: /Closed connection/,
    when: 'no-login',
    hint: 'a broker that asks for a login closes such a connection; then set KAFKA_SASL_MECHANISM',
  },
  {
    says: /authorization failed|not authorized/i,
    hint: 'this user lacks an ACL of Kafka; k8s/overlays/production/users.yaml has those that each app needs',
  },
];

export interface KafkajsLinesOptions {
  log: LogLine;
  now: MonotonicClock;
  /** What the client brings to a broker. */
  security: { hasTls: boolean; hasLogin: boolean };
}

interface Kind {
  writtenAt: number;
  leftOut: number;
}

/**
 * The log of kafkajs. It writes lines for each connection and each attempt, dozens a second while a broker is away or refuses
 * a login. Of lines that differ only in numbers one is written in ten seconds, with how many were left out before it.
 */
export class KafkajsLines {
  private readonly options: KafkajsLinesOptions;
  private readonly kinds = new Map<string, Kind>();

  constructor(options: KafkajsLinesOptions) {
    this.options = options;
  }

  readonly write = ({ level, namespace, log: entry }: LogEntry): void => {
    const { message, timestamp: _, logger: __, ...detail } = entry;
    const leftOut = this.admit(`${level} ${namespace} ${message.replaceAll(/\d+/g, '#')}`);
    if (leftOut === undefined) return;
    const more = { ...(leftOut > 0 ? { leftOut } : {}), ...this.hintOf(message) };
    this.options.log(LEVELS[level] ?? 'info', `kafkajs: ${message}`, { namespace, ...detail, ...more });
  };

  /** How many like it were left out since the last one; undefined when this one is left out, too. */
  private admit(name: string): number | undefined {
    const now = this.options.now();
    const kind = this.kinds.get(name);
    if (kind && now - kind.writtenAt < QUIET_MS) {
      kind.leftOut += 1;
      return undefined;
    }
    this.kinds.delete(name);
    this.kinds.set(name, { writtenAt: now, leftOut: 0 });
    // The first is the one that was written longest ago.
    if (this.kinds.size > KINDS_MAX) this.kinds.delete(this.kinds.keys().next().value!);
    return kind?.leftOut ?? 0;
  }

  private hintOf(message: string): { hint?: string } {
    const { hasTls, hasLogin } = this.options.security;
    const isSo = { plain: !hasTls && !hasLogin, 'no-login': hasTls && !hasLogin };
    const found = HINTS.find(({ says, when }) => says.test(message) && (when === undefined || isSo[when]));
    return found ? { hint: found.hint } : {};
  }
}
