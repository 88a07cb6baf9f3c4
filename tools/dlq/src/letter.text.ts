import type { DeadLetterDto, DeadLetterStateDto, DeadLetterSummaryDto, TrailEntryDto } from '@wiber/contracts';

const ERROR_LENGTH = 70;

/**
 * Escapes control and direction characters. Anybody may write a record: its text must neither control the terminal nor reverse
 * a line.
 */
export const escaped = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\u2028\u2029]/gu, (character) => {
    return `\\u{${character.codePointAt(0)!.toString(16)}}`;
  });

const timeText = (ms: number): string => {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? String(ms) : date.toISOString();
};

const shortened = (text: string): string =>
  [...text].length > ERROR_LENGTH ? `${[...text].slice(0, ERROR_LENGTH).join('')}…` : text;

export const tableOf = (letters: readonly DeadLetterSummaryDto[]): string => {
  if (letters.length === 0) return 'no dead letters';
  const rows = letters.map(({ id, reason, state, time, attempts, valueBytes, error }) =>
    [id, reason, state, timeText(time), String(attempts), String(valueBytes), shortened(escaped(error))].map(escaped),
  );
  const table = [['ID', 'REASON', 'STATE', 'FAILED AT', 'TRIES', 'BYTES', 'ERROR'], ...rows];
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  return table
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
};

const contentText = (text: string | undefined, base64: string | undefined): string => {
  if (base64 === undefined) return 'none';
  return text === undefined ? `base64 ${base64}` : escaped(text);
};

const trailText = ({ at, who, what, messageId, mended, forced, partition, offset, note }: TrailEntryDto): string => {
  const as = messageId === undefined ? '' : ` as ${messageId}`;
  const place = offset === undefined ? '' : ` at partition ${partition}, offset ${offset}`;
  const how = [mended ? 'mended' : '', forced ? 'forced' : ''].filter(Boolean).join(', ');
  return `  ${timeText(at)}  ${who}  ${what}${as}${place}${how && ` (${how})`}${note === undefined ? '' : `: ${escaped(note)}`}`;
};

export const letterText = (letter: DeadLetterDto): string => {
  const { id, topic, partition, offset, reason, error, attempts, time, instance, state } = letter;
  const { dlqPartition, dlqOffset, valueBytes, headers, replay, trail } = letter;
  const lines = [
    ['id', id],
    ['state', state],
    ['reason', reason],
    ['error', error],
    ['came from', `${topic}, partition ${partition}, offset ${offset}`],
    ['now at', `partition ${dlqPartition}, offset ${dlqOffset} of the dead-letter topic`],
    ['failed', `${timeText(time)} at ${instance} after ${attempts} tries`],
    ['key', contentText(letter.keyText, letter.keyBase64)],
    ['value', `${valueBytes} bytes`],
  ].map(([name, value]) => `${name!.padEnd(9)} ${escaped(value!)}`);
  lines.push(`  ${contentText(letter.valueText, letter.valueBase64)}`);
  if (headers.length > 0) lines.push('headers');
  for (const { name, text, base64 } of headers) lines.push(`  ${escaped(name)}: ${contentText(text, base64)}`);
  if (replay) lines.push('replayed as', `  ${escaped(JSON.stringify(replay))}`);
  if (trail.length > 0) lines.push('trail');
  return [...lines, ...trail.map(trailText)].join('\n');
};

export const stateText = ({ id, state, messageId, partition, offset }: DeadLetterStateDto): string => {
  const as = messageId === undefined ? '' : ` as ${messageId}`;
  const place = offset === undefined ? '' : ` at partition ${partition}, offset ${offset}`;
  return `${id} is ${state}${as}${place}`;
};
