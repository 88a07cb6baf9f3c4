import type { DeadLetterDto, DeadLetterStateDto, DeadLetterSummaryDto, TrailEntryDto } from '@wiber/contracts';

const ERROR_SHOWN = 70;

/** What a record says is whoever's who wrote it: nothing of it steers the terminal or turns the text round. */
export const plain = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\u2028\u2029]/gu, (character) => {
    return `\\u{${character.codePointAt(0)!.toString(16)}}`;
  });

const when = (ms: number): string => {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? String(ms) : date.toISOString();
};

const cut = (text: string): string =>
  [...text].length > ERROR_SHOWN ? `${[...text].slice(0, ERROR_SHOWN).join('')}…` : text;

export const tableOf = (letters: readonly DeadLetterSummaryDto[]): string => {
  if (letters.length === 0) return 'no dead letters';
  const rows = letters.map(({ id, reason, state, time, attempts, valueBytes, error }) =>
    [id, reason, state, when(time), String(attempts), String(valueBytes), cut(plain(error))].map(plain),
  );
  const table = [['ID', 'REASON', 'STATE', 'GIVEN UP', 'TRIES', 'BYTES', 'ERROR'], ...rows];
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

const bytes = (text: string | undefined, base64: string | undefined): string => {
  if (base64 === undefined) return 'none';
  return text === undefined ? `base64 ${base64}` : plain(text);
};

const step = ({ at, who, what, messageId, mended, forced, partition, offset, note }: TrailEntryDto): string => {
  const as = messageId === undefined ? '' : ` as ${messageId}`;
  const place = offset === undefined ? '' : ` at partition ${partition}, offset ${offset}`;
  const how = [mended ? 'mended' : '', forced ? 'forced' : ''].filter(Boolean).join(', ');
  return `  ${when(at)}  ${who}  ${what}${as}${place}${how && ` (${how})`}${note === undefined ? '' : `: ${plain(note)}`}`;
};

export const letterText = (letter: DeadLetterDto): string => {
  const { id, topic, partition, offset, reason, error, attempts, time, instance, state } = letter;
  const { dlqPartition, dlqOffset, valueBytes, headers, replay, trail } = letter;
  const lines = [
    ['id', id],
    ['state', state],
    ['reason', reason],
    ['error', error],
    ['was at', `${topic}, partition ${partition}, offset ${offset}`],
    ['is at', `partition ${dlqPartition}, offset ${dlqOffset} of the dead-letter topic`],
    ['given up', `${when(time)} by ${instance} after ${attempts} tries`],
    ['key', bytes(letter.keyText, letter.keyBase64)],
    ['value', `${valueBytes} bytes`],
  ].map(([name, value]) => `${name!.padEnd(9)} ${plain(value!)}`);
  lines.push(`  ${bytes(letter.valueText, letter.valueBase64)}`);
  if (headers.length > 0) lines.push('headers');
  for (const { name, text, base64 } of headers) lines.push(`  ${plain(name)}: ${bytes(text, base64)}`);
  if (replay) lines.push('replayed as', `  ${plain(JSON.stringify(replay))}`);
  if (trail.length > 0) lines.push('trail');
  return [...lines, ...trail.map(step)].join('\n');
};

export const stateText = ({ id, state, messageId, partition, offset }: DeadLetterStateDto): string => {
  const as = messageId === undefined ? '' : ` as ${messageId}`;
  const place = offset === undefined ? '' : ` at partition ${partition}, offset ${offset}`;
  return `${id} is ${state}${as}${place}`;
};
