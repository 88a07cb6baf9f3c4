import { Inject, Injectable } from '@nestjs/common';
import { PARTITIONS_MAX } from '@wiber/contracts';
import { StartError } from '@wiber/host';
import { PartitionRegister } from '@wiber/mongo';
import type { WiberLogger } from '@wiber/observability';
import { delay } from '@wiber/resilience';
import { GATEWAY_ENV } from '../gateway.env.ts';
import { LOGGER } from '../gateway.logger.ts';

/** How long the start waits for MongoDB, in milliseconds. After that the number is compared once MongoDB is there. */
const STORE_MS = 3000;
const RETRY_MS = 1000;

export interface GuardSettings {
  topic: string;
  /** The number that KAFKA_PARTITIONS names; 0 when it names none. */
  named: number;
  logger: Pick<WiberLogger, 'warn' | 'error'>;
}

export const GUARD_SETTINGS = Symbol('GUARD_SETTINGS');
export const guardSettings = (): GuardSettings => ({
  topic: GATEWAY_ENV.topic,
  named: GATEWAY_ENV.partitions,
  logger: LOGGER,
});

/**
 * Refuses to send to a topic whose number of partitions is not the one that its conversations were spread by: they would
 * go on in other partitions and lose their order. A number that KAFKA_PARTITIONS names is a change on purpose.
 */
@Injectable()
export class PartitionGuard {
  private isCompared = false;

  constructor(
    private readonly register: PartitionRegister,
    @Inject(GUARD_SETTINGS) private readonly settings: GuardSettings,
  ) {}

  /**
   * Compares before the first message is taken, when MongoDB is there in time.
   * @param opened resolves once the store is open
   * @throws StartError when the number is another one, or too large for a gateway
   */
  async admit(partitions: number, opened: Promise<void>): Promise<void> {
    if (partitions > PARTITIONS_MAX) throw tooMany(this.settings.topic, partitions);
    const late = new AbortController();
    const isOpen = await Promise.race([opened.then(() => true), delay(STORE_MS, late.signal).then(() => false)]);
    late.abort();
    if (isOpen) await this.compare(partitions);
    else this.settings.logger.warn('MongoDB is away: the number of partitions is compared later');
  }

  /** Compares what `admit` could not, for as long as it takes. @throws StartError when the number is another one */
  async confirm(partitions: number, isStopping: () => boolean): Promise<void> {
    while (!this.isCompared && !isStopping()) {
      await this.compare(partitions);
      if (!this.isCompared) await delay(RETRY_MS);
    }
  }

  private async compare(partitions: number): Promise<void> {
    const { topic, named, logger } = this.settings;
    try {
      const remembered = await this.register.remember(topic, partitions);
      if (remembered !== partitions) {
        if (named !== partitions) throw changed({ topic, partitions, remembered });
        await this.register.change(topic, partitions);
        logger.warn({ topic, partitions, before: remembered }, 'the number of partitions was changed on purpose');
      }
      this.isCompared = true;
    } catch (error) {
      if (error instanceof StartError) throw error;
      logger.warn({ error }, 'the number of partitions could not be compared; trying again');
    }
  }
}

const changed = ({ topic, partitions, remembered }: { topic: string; partitions: number; remembered: number }) =>
  new StartError(
    `the topic ${topic} has ${partitions} partitions, and its conversations are spread over ${remembered}: they would lose ` +
      `their order; make the topic with ${remembered} partitions, or, to change the number on purpose, stop all gateways, ` +
      `let ingest store all messages, and start the gateways with KAFKA_PARTITIONS=${partitions}`,
  );

const tooMany = (topic: string, partitions: number) =>
  new StartError(
    `the topic ${topic} has ${partitions} partitions, and a gateway sends to at most ${PARTITIONS_MAX}; make the topic with fewer`,
  );
