import { Injectable } from '@nestjs/common';
import {
  WINDOW_MS,
  mergeBusiest,
  startOf,
  unlistedAtMost,
  type BusiestDto,
  type ClocksDto,
  type ServersDto,
} from '@wiber/contracts';
import { BusiestReader, ClocksStore, ServersStore, StatsReader, type Progress, type ReadLimits } from '@wiber/mongo';
import { GATEWAY_ENV } from '../gateway.env.ts';
import { statsPending } from './stats.pending.ts';
import type { BusiestQuery } from './stats.request.ts';

const { topic } = GATEWAY_ENV;

/** Reads what the metrics worker has written for operators. */
@Injectable()
export class OperatorStatsService {
  constructor(
    private readonly stats: StatsReader,
    private readonly busiest: BusiestReader,
    private readonly servers: ServersStore,
    private readonly clocks: ClocksStore,
  ) {}

  /** Queries with equal names have equal answers: all times of one window are one. */
  nameOf(query: BusiestQuery, progress: Progress): string {
    return `${query.limit} busiest of the ${query.step} from ${startFor(query, progress)}`;
  }

  /**
   * The busiest conversations of the window that has `at`; by default of the last one that is closed.
   * @throws StoreUnavailableError
   */
  async conversations(query: BusiestQuery, progress: Progress, limits: ReadLimits): Promise<BusiestDto> {
    const { step, limit } = query;
    const start = startFor(query, progress);
    const lists = await this.busiest.lists({ topic, span: step, start }, limits);
    const conversations = await this.stats.work(() => mergeBusiest(lists).slice(0, limit));
    return {
      step,
      start,
      isClosed: start + WINDOW_MS[step] <= progress.completeTo.accepted,
      conversations: conversations.map(({ name, count, error }) => ({ users: name.split(':'), count, error })),
      unlistedAtMost: Math.max(0, ...lists.map(unlistedAtMost)),
    };
  }

  /** @throws ProblemError stats_pending; StoreUnavailableError */
  async seen(limits: ReadLimits): Promise<ServersDto> {
    const servers = await this.servers.read(topic, limits);
    if (!servers) throw statsPending(topic);
    return servers;
  }

  /** @throws ProblemError stats_pending; StoreUnavailableError */
  async seenClocks(limits: ReadLimits): Promise<ClocksDto> {
    const clocks = await this.clocks.read(topic, limits);
    if (!clocks) throw statsPending(topic);
    return clocks;
  }
}

const startFor = ({ step, at }: BusiestQuery, { completeTo }: Progress): number =>
  at === undefined ? Math.max(0, startOf(step, completeTo.accepted) - WINDOW_MS[step]) : startOf(step, at);
