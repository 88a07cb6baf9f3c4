import { SERVERS_PARTS, type ServersDto, type ServersPart, type ServersSnapshot } from '@wiber/contracts';
import { FencedError, type ServersStore } from '@wiber/mongo';
import { endFenced } from '../leadership/fenced.work.ts';
import type { Lead, LeaderTask } from '../leadership/leader.task.ts';

/** How long each part may take, in milliseconds. */
const LOOK_MS = 5000;
/** Characters of a reason: a server's own words may be long. */
const REASON_MAX = 300;

type Parts = Required<Omit<ServersSnapshot, 'unknown'>>;
/** How each part is read, within milliseconds. */
export type PartReaders = { readonly [P in ServersPart]: (withinMs: number) => Promise<Parts[P]> };

export interface ServersTaskOptions {
  /** The topic of the messages. */
  topic: string;
  periodMs: number;
  readers: PartReaders;
  store: Pick<ServersStore, 'write'>;
  /** Called after each look, with what the store has now. */
  onSeen: (seen: ServersDto, lead: Lead) => void;
}

/**
 * Looks at the servers and writes down what it sees, so that a gateway shows what the leader saw and asks no server itself. A
 * part that can't be read is unknown, with its reason, and keeps no other one from being read.
 */
export class ServersTask implements LeaderTask {
  readonly name = 'servers';
  readonly periodMs: number;
  private readonly options: ServersTaskOptions;

  constructor(options: ServersTaskOptions) {
    this.options = options;
    this.periodMs = options.periodMs;
  }

  /** @throws StoreUnavailableError, FencedError when what was seen can't be written */
  async run(lead: Lead): Promise<void> {
    const { topic, store, onSeen } = this.options;
    const snapshot = await this.look();
    if (!lead.isValid()) return;
    try {
      onSeen(await store.write(topic, { fence: lead.fence, snapshot }), lead);
    } catch (error) {
      if (!(error instanceof FencedError)) throw error;
      endFenced(lead, error);
    }
  }

  private async look(): Promise<ServersSnapshot> {
    const looks = await Promise.all(SERVERS_PARTS.map((part) => this.lookAt(part)));
    return Object.assign(
      { unknown: looks.flatMap(({ unknown }) => unknown ?? []) },
      ...looks.map(({ seen }) => seen ?? {}),
    ) as ServersSnapshot;
  }

  private async lookAt(part: ServersPart) {
    try {
      return { seen: { [part]: await this.options.readers[part](LOOK_MS) } };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return { unknown: { part, reason: reason.slice(0, REASON_MAX) } };
    }
  }
}
