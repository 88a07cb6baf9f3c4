/** In which direction an index is read: 1 from the lowest values, -1 from the highest. */
export type Direction = 1 | -1;
