import type { Schema, mongo } from 'mongoose';

/** The indexes that a schema names. `background` is mongoose's own and has meant nothing since MongoDB 4.2. */
export const indexesOf = (schema: { indexes: Schema['indexes'] }): mongo.IndexDescription[] =>
  schema.indexes().map(([key, { background: _, ...options }]) => ({
    ...(options as Omit<mongo.IndexDescription, 'key'>),
    key: key as Record<string, 1 | -1>,
  }));
