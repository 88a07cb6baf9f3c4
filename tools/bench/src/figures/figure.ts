import { spreadOf, type Spread } from '../statistics.ts';
import type { GrowthSeries } from '../growth/growth.point.ts';
import type { Bench, BenchRun } from '../system/bench.context.ts';

/** What a figure should reach, and what it got. */
export interface Goal {
  what: string;
  got: number;
  reach: number;
  type: 'at-least' | 'at-most';
}

export interface FigureResult {
  title: string;
  unit: string;
  wiber: Spread;
  bare?: Spread;
  /** Wiber divided by bare, run by run: the speed of the machine may drift between runs. */
  ratio?: Spread;
  goals: Goal[];
  detail?: Record<string, unknown>;
  growth?: GrowthSeries;
}

export interface Figure {
  name: string;
  title: string;
  measure: (bench: Bench) => Promise<FigureResult>;
}

/** A figure that starts systems of its own, and may have several results. */
export interface OwnSystemsFigure {
  name: string;
  title: string;
  measure: (run: BenchRun) => Promise<FigureResult[]>;
}

export const isMet = ({ got, reach, type }: Goal): boolean => (type === 'at-least' ? got >= reach : got <= reach);

/** Measures both in each run. The one that goes first changes from run to run. */
export const inTurn = async (
  runs: number,
  measures: { wiber: (run: number) => Promise<number>; bare: (run: number) => Promise<number> },
): Promise<{ wiber: Spread; bare: Spread; ratio: Spread }> => {
  const wiber: number[] = [];
  const bare: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    if (run % 2 === 0) wiber.push(await measures.wiber(run));
    bare.push(await measures.bare(run));
    if (run % 2 === 1) wiber.push(await measures.wiber(run));
  }
  return { wiber: spreadOf(wiber), bare: spreadOf(bare), ratio: spreadOf(wiber.map((one, run) => one / bare[run]!)) };
};

export const round = (value: number, digits = 2): number => Number(value.toFixed(digits));
