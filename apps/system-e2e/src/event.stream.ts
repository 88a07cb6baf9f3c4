/** The fields of one server-sent event: `data`, and `event`, `id` and others as far as it has them. */
export interface SentEvent {
  data: string;
  event?: string;
  id?: string;
}

/**
 * A block of a stream as an event; undefined where it has no data, and so is none
 * (https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation).
 */
export const eventOf = (block: string): SentEvent | undefined => {
  const lines = block.split('\n').filter((line) => !line.startsWith(':') && line.includes(': '));
  const fields = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
  );
  return fields['data'] === undefined ? undefined : { ...fields, data: fields['data'] };
};

/** The events of a stream that has ended. */
export const eventsOf = (stream: string): SentEvent[] => stream.split('\n\n').flatMap((block) => eventOf(block) ?? []);
