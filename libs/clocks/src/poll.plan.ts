import { isForbidding, type NtpRefusal } from './ntp.refusal.ts';

/** A server that does not answer is asked at most 2^4 times as seldom: it may be back. RFC 4330, section 10, item 2. */
const BACKOFF_MAX = 4;
/** MAXPOLL of RFC 5905, figure 6: 2^17 s, a day and a half. A timer of Node takes more than ten times as much. */
const WAIT_MAX_MS = 2 ** 17 * 1000;
/** So that processes that started together do not ask together for ever. */
const SPREAD = 0.1;

/** When a server is asked next. */
export class PollPlan {
  private readonly random: () => number;
  private periodMs: number;
  private unanswered = 0;
  private forbidden: NtpRefusal | undefined;

  /** @param random uniform in [0, 1) */
  constructor({ periodMs, random }: { periodMs: number; random: () => number }) {
    this.periodMs = periodMs;
    this.random = random;
  }

  answered(): void {
    this.unanswered = 0;
  }

  refused(reason: NtpRefusal): void {
    if (isForbidding(reason)) this.forbidden = reason;
    else if (reason === 'kiss_rate') this.periodMs = this.longer(2);
    else this.unanswered += 1;
  }

  /** How many questions in a row had no answer that counts. */
  get failures(): number {
    return this.unanswered;
  }

  /** The kiss-o'-death that ended all questions to the server. */
  get forbiddenBy(): NtpRefusal | undefined {
    return this.forbidden;
  }

  /** Milliseconds until the first question: servers and processes are spread over a tenth of the period. */
  get firstWaitMs(): number {
    return this.periodMs * SPREAD * this.random();
  }

  /** Milliseconds until the next question: the period, doubled for each question in a row without an answer; never less. */
  get waitMs(): number {
    return this.longer(2 ** Math.min(this.unanswered, BACKOFF_MAX)) * (1 + SPREAD * this.random());
  }

  private longer(factor: number): number {
    return Math.min(this.periodMs * factor, Math.max(this.periodMs, WAIT_MAX_MS));
  }
}
