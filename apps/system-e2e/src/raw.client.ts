import { connect, type Socket } from 'node:net';

export interface RawAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** Splits received bytes into answers. Each has a Content-Length or no body. */
const answersIn = (bytes: Buffer): RawAnswer[] => {
  const answers: RawAnswer[] = [];
  for (let rest = bytes; rest.length > 0;) {
    const end = rest.indexOf('\r\n\r\n');
    if (end < 0) throw new Error(`half an answer: ${rest.toString('latin1').slice(0, 200)}`);
    const [line = '', ...fields] = rest.subarray(0, end).toString('latin1').split('\r\n');
    const headers = Object.fromEntries(
      fields.map((field) => [
        field.slice(0, field.indexOf(':')).toLowerCase(),
        field.slice(field.indexOf(':') + 1).trim(),
      ]),
    );
    const length = Number(headers['content-length'] ?? 0);
    const body = rest.subarray(end + 4, end + 4 + length).toString('utf8');
    const status = Number(line.split(' ')[1]);
    if (status >= 200) answers.push({ status, headers, body });
    rest = rest.subarray(end + 4 + length);
  }
  return answers;
};

/** Writes bytes to a new socket and reads until the server closes it. Rejects after 20 s. */
export const talk = (url: string, ...chunks: (string | Buffer)[]): Promise<RawAnswer[]> =>
  exchange(url, chunks, () => undefined);

/** The same, from a client that closes its half of the connection after sending. */
export const talkHalfClosed = (url: string, ...chunks: (string | Buffer)[]): Promise<RawAnswer[]> =>
  exchange(url, chunks, (socket) => socket.end());

/** Writes bytes to a new socket; resolves to all that came, as it came, once the server has closed it. Rejects after 20 s. */
export const rawText = (url: string, bytes: Buffer): Promise<string> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    let text = '';
    const late = setTimeout(
      () => socket.destroy(new Error(`not closed within 20 s; received so far: ${text}`)),
      20_000,
    );
    socket.on('data', (chunk) => (text += chunk.toString('latin1')));
    socket.on('error', reject);
    socket.on('close', () => {
      clearTimeout(late);
      resolve(text);
    });
    socket.write(bytes);
  });

const exchange = (
  url: string,
  chunks: (string | Buffer)[],
  afterSending: (socket: Socket) => void,
): Promise<RawAnswer[]> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    const received: Buffer[] = [];
    const late = setTimeout(() => {
      socket.destroy();
      reject(new Error(`not closed within 20 s; received so far: ${Buffer.concat(received).toString('latin1')}`));
    }, 20_000);
    socket.on('data', (chunk) => received.push(chunk));
    // The gateway may close while this side still writes. The answers it sent before count.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearTimeout(late);
      try {
        resolve(answersIn(Buffer.concat(received)));
      } catch (error) {
        reject(error as Error);
      }
    });
    for (const chunk of chunks) socket.write(chunk);
    afterSending(socket);
  });

/** The bytes of a request that asks to close its connection. */
export const wire = (line: string, headers: Record<string, string> = {}, body: Buffer | string = ''): Buffer => {
  const bytes = Buffer.from(body);
  const fields = {
    Host: 'wiber',
    Connection: 'close',
    ...(bytes.length ? { 'Content-Length': `${bytes.length}` } : {}),
  };
  const head = Object.entries({ ...fields, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`${line} HTTP/1.1\r\n${head.join('')}\r\n`, 'latin1'), bytes]);
};
