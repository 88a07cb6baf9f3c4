import { SERVERS_PARTS, type ServersDto, type ServersPart, type ServersSnapshot } from '@wiber/contracts';
import type { ServersStore } from '@wiber/mongo';
import type { Lead, LeaderTask } from '../leadership/leader.task.ts';
import { LOOK_MS, reasonOf, writeLook } from '../leadership/written.look.ts';

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
    await writeLook(lead, {
      look: () => this.look(),
      write: (snapshot) => store.write(topic, { fence: lead.fence, snapshot }),
      onSeen: (seen) => onSeen(seen, lead),
    });
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
      return { unknown: { part, reason: reasonOf(error) } };
    }
  }
}
