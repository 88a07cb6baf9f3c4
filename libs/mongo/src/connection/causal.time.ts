import { mongo } from 'mongoose';
import { causalTokenOf, timeOfCausalToken, type CausalToken } from '@wiber/contracts';

/** The token of an operationTime; undefined where the server gave none. */
export const tokenOf = (time: unknown): CausalToken | undefined =>
  time instanceof mongo.Timestamp
    ? causalTokenOf({ seconds: time.getHighBitsUnsigned(), ordinal: time.getLowBitsUnsigned() })
    : undefined;

export const timestampOf = (token: CausalToken): mongo.Timestamp => {
  const { seconds, ordinal } = timeOfCausalToken(token);
  return new mongo.Timestamp({ t: seconds, i: ordinal });
};

/** The newest moment that this process has seen in the store. It only grows. */
export class CausalTime {
  private latest: mongo.Timestamp | undefined;
  private latestToken: CausalToken | undefined;

  /** Undefined before the first answer of a server. Never a moment that only a client named: it may be of no store. */
  get seen(): CausalToken | undefined {
    return this.latestToken;
  }

  /** From now on no read is older than this moment. */
  observe(time: mongo.Timestamp): void {
    if (this.latest !== undefined && !time.greaterThan(this.latest)) return;
    this.latest = time;
    this.latestToken = tokenOf(time);
  }

  /** The later of what was seen here and of what the client has seen. */
  after(token: CausalToken | undefined): mongo.Timestamp | undefined {
    if (token === undefined) return this.latest;
    const asked = timestampOf(token);
    return this.latest !== undefined && this.latest.greaterThan(asked) ? this.latest : asked;
  }
}
