import { BODY_MAX_BYTES, ProblemError } from '@wiber/contracts';
import { oncePerTurn } from '@wiber/resilience';

/** A body of at most so many bytes does not wait for the large bodies of other connections. */
export const SMALL_BODY_BYTES = 2048;
/** Bytes of small bodies, and of large ones, that one turn of the event loop reads. One body more may begin below it. */
const TURN_MAX_BYTES = BODY_MAX_BYTES;
/** Bytes of large bodies that may wait for their turn. The limit of requests in hand bounds the small ones. */
const WAITING_MAX_BYTES = 64 * 1024 * 1024;

export interface ArrivedBody {
  /** Bodies of one connection are read in the order in which they came, and none once it is destroyed. */
  connection: { readonly destroyed?: boolean };
  bytes: number;
  read: () => void;
}

interface Rotation {
  /** The bodies that wait, of one connection each. */
  readonly connections: ArrivedBody[][];
  readInTurn: number;
}

/**
 * Reads the bodies of requests. To parse and check a body keeps the process busy, the longer the larger it is. When many come
 * at once, they are read in several turns of the event loop, so that probes and other requests are answered in between. The
 * connections take turns, one body each: a client with many bodies keeps the others waiting no longer than one with one.
 * Small and large bodies have a rotation each, so a usual message passes the large bodies of other connections.
 */
export class BodyTurns {
  private readonly waiting = new Map<object, ArrivedBody[]>();
  private readonly small: Rotation = { connections: [], readInTurn: 0 };
  private readonly large: Rotation = { connections: [], readInTurn: 0 };
  private waitingBytes = 0;
  private readonly nextTurn = oncePerTurn(() => this.beginTurn());

  /**
   * Reads the body now, or in a later turn when this one has read enough or an earlier body of its connection waits.
   * @throws ProblemError server_busy when too many bytes wait
   */
  take(body: ArrivedBody): void {
    const rotation = this.rotationOf(body);
    const before = this.waiting.size === 0 ? undefined : this.waiting.get(body.connection);
    if (!before && rotation.connections.length === 0 && rotation.readInTurn < TURN_MAX_BYTES)
      return this.read(body, rotation);
    if (rotation === this.large) {
      if (this.waitingBytes + body.bytes > WAITING_MAX_BYTES)
        throw new ProblemError('server_busy', 'too many bodies wait to be read; try again later');
      this.waitingBytes += body.bytes;
    }
    if (before) return void before.push(body);
    const bodies = [body];
    this.waiting.set(body.connection, bodies);
    rotation.connections.push(bodies);
  }

  private rotationOf({ bytes }: ArrivedBody): Rotation {
    return bytes <= SMALL_BODY_BYTES ? this.small : this.large;
  }

  private read(body: ArrivedBody, rotation: Rotation): void {
    // Its client has left while it waited: the turn goes on with the next body.
    if (body.connection.destroyed) return;
    rotation.readInTurn += body.bytes;
    this.nextTurn();
    body.read();
  }

  private beginTurn(): void {
    for (const rotation of [this.small, this.large]) {
      rotation.readInTurn = 0;
      while (rotation.readInTurn < TURN_MAX_BYTES && this.readNext(rotation));
    }
  }

  /** Reads one body of the connection whose turn it is; false when none waits. */
  private readNext(rotation: Rotation): boolean {
    const bodies = rotation.connections.shift();
    const body = bodies?.shift();
    if (!bodies || !body) return false;
    const [next] = bodies;
    if (next) this.rotationOf(next).connections.push(bodies);
    else this.waiting.delete(body.connection);
    if (rotation === this.large) this.waitingBytes -= body.bytes;
    this.read(body, rotation);
    return true;
  }
}
