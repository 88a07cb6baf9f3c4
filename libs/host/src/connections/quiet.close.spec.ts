import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { onQuietClose } from './quiet.close.ts';

test('the errors that Node makes while a connection closes have no stack, and those made later have one', () => {
  const socket = new EventEmitter();
  const stacks: (string | undefined)[] = [];
  const make = () => stacks.push(new Error('aborted').stack);
  // As Node does: its listener is there before the connection is handed out.
  socket.on('close', make);
  onQuietClose(socket as Socket, make);
  socket.emit('close');
  expect(stacks).toEqual(['Error: aborted', expect.stringContaining('quiet.close.spec')]);
});
