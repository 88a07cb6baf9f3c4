import { BODY_MAX_BYTES, ProblemError } from '@wiber/contracts';
import { oncePerTurn } from '@wiber/resilience';

/** Bytes of bodies that one turn of the event loop reads. One body more may begin below it. Usual bodies never reach it. */
const TURN_MAX_BYTES = BODY_MAX_BYTES;
/** Bytes of bodies that may wait for their turn. */
const WAITING_MAX_BYTES = 64 * 1024 * 1024;

interface WaitingBody {
  bytes: number;
  read: () => void;
}

/**
 * Reads the bodies of requests, in the order in which they came. To parse and check a body keeps the process busy, the longer
 * the larger it is. When many large ones come at once, they are read in several turns of the event loop, so that probes and
 * other requests are answered in between.
 */
export class BodyTurns {
  private readonly waiting: WaitingBody[] = [];
  private waitingBytes = 0;
  private readInTurn = 0;
  private readonly nextTurn = oncePerTurn(() => this.beginTurn());

  /**
   * Calls `read` now, or in a later turn when this one has read enough.
   * @throws ProblemError server_busy when too many bytes wait
   */
  take(bytes: number, read: () => void): void {
    if (this.waiting.length === 0 && this.readInTurn < TURN_MAX_BYTES) return this.read({ bytes, read });
    if (this.waitingBytes + bytes > WAITING_MAX_BYTES)
      throw new ProblemError('server_busy', 'too many bodies wait to be read; try again later');
    this.waiting.push({ bytes, read });
    this.waitingBytes += bytes;
  }

  private read({ bytes, read }: WaitingBody): void {
    this.readInTurn += bytes;
    this.nextTurn();
    read();
  }

  private beginTurn(): void {
    this.readInTurn = 0;
    while (this.readInTurn < TURN_MAX_BYTES) {
      const next = this.waiting.shift();
      if (!next) return;
      this.waitingBytes -= next.bytes;
      this.read(next);
    }
  }
}
