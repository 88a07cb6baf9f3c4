import { readsOverloaded } from '../connection/mongo.errors.ts';

/** Conversations of one hour that are merged for a page: about 10 MB of names. */
export const HOUR_MAX = 100_000;
/** Names of one read: some milliseconds of work. */
export const HOUR_PAGE = 2000;

/** Thrown when a page needs an hour whose conversations take more than one read: it takes a turn of its own. */
export class BusyHourFound extends Error {
  override readonly name = 'BusyHourFound';
}

export interface BusyHourPorts {
  /** Whether the hour has more conversations than this. */
  hasMore: (than: number) => Promise<boolean>;
  /** The next names behind one, at most HOUR_PAGE; the first of all without one. */
  read: (after: string | undefined) => Promise<string[]>;
}

/** The conversations of an hour that has more than one read holds. They are read in portions, as far as somebody asks. */
export class BusyHour {
  private readonly ports: BusyHourPorts;
  private readonly known: string[] = [];
  private isWhole = false;

  constructor(ports: BusyHourPorts) {
    this.ports = ports;
  }

  /**
   * All of them, in portions.
   * @param sizes the size of the first portion, and of the others
   * @throws ReadsOverloadedError when they are more than HOUR_MAX, before any is read
   */
  async *portions({ first, others }: { first: number; others: number }): AsyncGenerator<string[]> {
    for (let at = 0; ;) {
      const end = at + (at === 0 ? first : others);
      while (this.known.length < end && !this.isWhole) await this.readOn();
      if (at >= this.known.length) return;
      yield this.known.slice(at, end);
      at = end;
    }
  }

  /** All of them at once. @throws ReadsOverloadedError as above */
  async all(): Promise<string[]> {
    while (!this.isWhole) await this.readOn();
    return this.known;
  }

  private async readOn(): Promise<void> {
    if (this.known.length === 0 && (await this.ports.hasMore(HOUR_MAX)))
      throw readsOverloaded(
        `this user has more than ${HOUR_MAX} conversations in one hour, too many for a page; read their conversations`,
      );
    const names = await this.ports.read(this.known.at(-1));
    for (const name of names) this.known.push(name);
    this.isWhole = names.length < HOUR_PAGE;
  }
}
