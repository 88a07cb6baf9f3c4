/** A record's place as one word, to look it up by. */
export const placeOf = ({ partition, offset }: { partition: number; offset: number }): string =>
  `${partition}/${offset}`;
