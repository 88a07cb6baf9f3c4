import { Injectable } from '@nestjs/common';
import type { Dependency } from './readiness.ts';

/** One kind of work of an app: what its clients can't have while a dependency is away. */
export interface ServedWork {
  needs: readonly Dependency[];
  /** False while this process can't do the work though its dependencies answer. */
  isAble?: () => boolean;
}

/** Asks a dependency whether it can serve anything: of Kafka one partition with a leader is enough. */
export type ServingLooks = Readonly<Record<Dependency, () => Promise<boolean>>>;

export interface Serving {
  status: 'serving' | 'not_serving' | 'draining';
  /** Each kind of work of this app, and whether it can be done now. Empty while the app drains. */
  work: Record<string, boolean>;
}

/** How long an app that has just started is given until it can do all of its work, in milliseconds. */
const START_MS = 10_000;

/** The kinds of work of this app. The app adds them when it is made. */
@Injectable()
export class ServedWorkList {
  private readonly list = new Map<string, ServedWork>();
  private readonly madeAt = performance.now();
  private wasAble = false;

  add(name: string, work: ServedWork): void {
    this.list.set(name, work);
  }

  /**
   * What this app can do now. It serves while it can do at least one kind of its work. An app that is starting, and that will
   * soon do work which it can't do yet though its dependencies answer, does not serve yet: clients would come with that work.
   */
  async ask(looks: ServingLooks): Promise<Serving> {
    const isUp = async (dependency: Dependency) => looks[dependency]().catch(() => false);
    const [kafka, mongodb] = await Promise.all([isUp('kafka'), isUp('mongodb')]);
    const up = { kafka, mongodb };
    const each = [...this.list].map(([name, { needs, isAble }]) => ({
      name,
      isUp: needs.every((one) => up[one]),
      isAble: isAble?.() ?? true,
    }));
    this.wasAble ||= each.every(({ isAble }) => isAble);
    const isStarting = !this.wasAble && performance.now() - this.madeAt < START_MS;
    const isEarly = isStarting && each.some(({ isUp, isAble }) => isUp && !isAble);
    const work = Object.fromEntries(each.map(({ name, isUp, isAble }) => [name, isUp && isAble]));
    return { status: Object.values(work).includes(true) && !isEarly ? 'serving' : 'not_serving', work };
  }
}
