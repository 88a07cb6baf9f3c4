/** Thrown when an image can't be made or a container can't be run. The message says what to do. */
export class ImagesError extends Error {
  override readonly name = 'ImagesError';
}
