/** Thrown when the manifests can't be looked at. The message is printed as it is and says what to do. */
export class ManifestsError extends Error {
  override readonly name = 'ManifestsError';
}
