const HEADER = 'Causal-Token';
/** The digits of the store's time, before the Lamport time. */
const TIME_LENGTH = 16;

/**
 * What one reader has seen, as the gateway's newest token says it. A read that brings it shows at least that; a message that
 * is sent with it has a larger Lamport time than all that was seen.
 */
export class CausalMemory {
  private token: string | undefined;

  get headers(): Record<string, string> {
    return this.token === undefined ? {} : { [HEADER]: this.token };
  }

  /** Takes over the token of an answer. The token of an answer is never behind that of its request. */
  take(headers: Headers): void {
    this.token = headers.get(HEADER) ?? this.token;
  }

  /** Takes over what another reader has seen, so that the next read shows that as well. */
  follow(other: CausalMemory): void {
    if (timeOf(other.token) > timeOf(this.token)) this.token = other.token;
  }

  /** For a token that the gateway refuses because its store was made anew. */
  forget(): void {
    this.token = undefined;
  }
}

/** Hexadecimal digits of one length have the order of their numbers. */
const timeOf = (token: string | undefined): string => token?.slice(0, TIME_LENGTH) ?? '';
