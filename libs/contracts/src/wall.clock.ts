/**
 * Integer milliseconds since the epoch, for times that are sent, stored or shown. People and NTP set this clock, also
 * back. So a duration, a deadline or a rate takes the monotonic clock of libs/resilience. Apps and libs read the wall
 * clock here only; lint refuses every other place.
 */
export const wallNow = (): number => Date.now();
