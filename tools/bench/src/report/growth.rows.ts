import type { GrowthPoint } from '../growth/growth.point.ts';

/** A rate that is measured at each size. */
export interface RateRow {
  title: string;
  unit: string;
  rateOf: (point: GrowthPoint) => number;
}

/** The rates in the order of the report. */
export const RATE_ROWS: RateRow[] = [
  { title: 'ingest draining a backlog', unit: 'messages/s', rateOf: ({ drain }) => drain.rate },
  { title: 'POST, 128 connections', unit: 'messages/s', rateOf: ({ calls }) => calls.post.rate },
  { title: 'page by time', unit: 'pages/s', rateOf: ({ calls }) => calls['page-by-time'].rate },
  { title: 'page by log', unit: 'pages/s', rateOf: ({ calls }) => calls['page-by-log'].rate },
  { title: 'one message by id', unit: 'messages/s', rateOf: ({ calls }) => calls['by-id'].rate },
  { title: "a user's newest page", unit: 'pages/s', rateOf: ({ calls }) => calls['user-newest'].rate },
  { title: "a user's third page", unit: 'pages/s', rateOf: ({ calls }) => calls['user-deeper'].rate },
];
