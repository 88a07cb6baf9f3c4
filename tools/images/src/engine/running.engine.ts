/** A Docker engine that answers. */
export interface Engine {
  /** As DOCKER_HOST takes it; undefined for the one that the docker command finds by itself. */
  host: string | undefined;
  /** Whether this process has started it: then nothing else runs in it, and it pulls no image. */
  isOwn: boolean;
  /** Ends an engine of one's own with all its containers. */
  close: () => Promise<void>;
}
