import type { WindowKey } from './window.schema.ts';

export const keyTextOf = ({ topic, stream, span, start, partition }: WindowKey): string =>
  [topic, stream, span, start, partition].join(' ');
