import { Injectable } from '@nestjs/common';
import { WINDOW_MS, mergeBusiest, startOf, unlistedAtMost, type BusiestDto, type ServersDto } from '@wiber/contracts';
import { BusiestReader, ServersStore, StatsReader } from '@wiber/mongo';
import { GATEWAY_ENV } from '../gateway.env.ts';
import { statsPending } from './stats.pending.ts';
import type { BusiestQuery } from './stats.request.ts';

const { topic, readDeadlineMs: withinMs } = GATEWAY_ENV;

/** Reads what the metrics worker has written for operators. */
@Injectable()
export class OperatorStatsService {
  constructor(
    private readonly stats: StatsReader,
    private readonly busiest: BusiestReader,
    private readonly servers: ServersStore,
  ) {}

  /**
   * The busiest conversations of the window that has `at`; by default of the last one that is closed.
   * @throws ProblemError stats_pending; StoreUnavailableError
   */
  async conversations({ step, at, limit }: BusiestQuery): Promise<BusiestDto> {
    const progress = await this.stats.progress(topic, { withinMs });
    if (!progress) throw statsPending(topic);
    const ms = WINDOW_MS[step];
    const { accepted: completeTo } = progress.completeTo;
    const start = at === undefined ? Math.max(0, startOf(step, completeTo) - ms) : startOf(step, at);
    const lists = await this.busiest.lists({ topic, span: step, start }, { withinMs });
    const conversations = mergeBusiest(lists).slice(0, limit);
    return {
      step,
      start,
      isClosed: start + ms <= completeTo,
      conversations: conversations.map(({ name, count, error }) => ({ users: name.split(':'), count, error })),
      unlistedAtMost: Math.max(0, ...lists.map(unlistedAtMost)),
    };
  }

  /** @throws ProblemError stats_pending; StoreUnavailableError */
  async seen(): Promise<ServersDto> {
    const servers = await this.servers.read(topic, { withinMs });
    if (!servers) throw statsPending(topic);
    return servers;
  }
}
