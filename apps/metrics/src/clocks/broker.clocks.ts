import type { BrokerSighting } from './log.clocks.ts';

/** Two stamps of whole milliseconds: their difference is off by less than one. */
const ROUNDING_MS = 1;

/** Where a clock is, relative to the reference, in milliseconds. `most` is Infinity where nothing says it. */
export interface ClockRange {
  least: number;
  most: number;
}

/**
 * A broker's clock between two bounds. What this process read of it at the latest is the lower one. The upper one needs a
 * gateway whose own clock is known: the broker appended its record after the gateway had stamped it.
 *
 * A gateway whose bound contradicts the lower one says nothing: its clock was set meanwhile, or another producer uses its name.
 * @param own the clock of this process
 * @param gateways those whose clock is known, by name
 */
export const brokerRange = (
  { atLeastMs, gateways: leads }: BrokerSighting,
  own: ClockRange,
  gateways: ReadonlyMap<string, ClockRange>,
): ClockRange => {
  const least = own.least + atLeastMs - ROUNDING_MS;
  const bounds = [...leads].flatMap(([name, lead]) => {
    const gateway = gateways.get(name);
    return gateway ? [gateway.most - lead + ROUNDING_MS] : [];
  });
  return { least, most: Math.min(Infinity, ...bounds.filter((bound) => bound >= least)) };
};

/** How far a gateway that reports nothing is ahead at least, by what it wrote to brokers. */
export const gatewayLeast = (name: string, sightings: readonly { range: ClockRange; sighting: BrokerSighting }[]) =>
  Math.max(
    ...sightings.map(({ range, sighting }) => range.least + (sighting.gateways.get(name) ?? -Infinity) - ROUNDING_MS),
  );
