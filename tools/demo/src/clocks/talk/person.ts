import { eventually } from '@wiber/harness';
import type { Act, ReadAct, SendAct } from './act.ts';
import type { ConversationClient } from './conversation.client.ts';

/** Writes down what people do, with times of one clock. */
export class Diary {
  readonly acts: Act[] = [];
  readonly now: () => number;

  constructor(now: () => number) {
    this.now = now;
  }
}

/** How long a message may take until it is stored and shown. */
const STORED_WITHIN_MS = 30_000;

export interface PersonParts {
  name: string;
  other: string;
  client: ConversationClient;
  diary: Diary;
}

/** One of two people who talk. A person uses one gateway, and knows only what they have sent and read there. */
export class Person {
  readonly name: string;
  readonly gateway: string;
  private readonly parts: PersonParts;
  private readonly known = new Set<string>();

  constructor(parts: PersonParts) {
    this.parts = parts;
    this.name = parts.name;
    this.gateway = parts.client.gateway;
  }

  async send(content: string): Promise<SendAct> {
    const { name, other, client, diary } = this.parts;
    const from = diary.now();
    const { message, place } = await client.send(name, other, content);
    const act: SendAct = { type: 'send', by: name, message, place, from, to: diary.now() };
    this.known.add(message.messageId);
    diary.acts.push(act);
    return act;
  }

  /** Reads the conversation, again and again, until it shows these messages. A person who knows them reads nothing. */
  async readUntilShown(messageIds: readonly string[]): Promise<void> {
    const isMissing = () => messageIds.some((id) => !this.known.has(id));
    if (!isMissing()) return;
    await eventually(
      async () => {
        await this.read();
        if (isMissing()) throw new Error(`${this.gateway} does not show ${this.name} what was sent`);
      },
      { within: STORED_WITHIN_MS },
    );
  }

  /** Reads one message, again and again, until it is stored. */
  async readOne(messageId: string): Promise<void> {
    const { client, diary } = this.parts;
    await eventually(
      async () => {
        const from = diary.now();
        if (!(await client.find(messageId))) throw new Error(`${this.gateway} does not find ${messageId}`);
        this.note([messageId], from);
      },
      { within: STORED_WITHIN_MS },
    );
  }

  private async read(): Promise<void> {
    const { name, other, client, diary } = this.parts;
    const from = diary.now();
    const shown = await client.read([name, other], 'log');
    const seen = shown.map(({ messageId }) => messageId).filter((id) => !this.known.has(id));
    if (seen.length > 0) this.note(seen, from);
  }

  private note(seen: readonly string[], from: number): void {
    const { name, diary } = this.parts;
    const act: ReadAct = { type: 'read', by: name, seen, from, to: diary.now() };
    diary.acts.push(act);
    for (const id of seen) this.known.add(id);
  }
}
