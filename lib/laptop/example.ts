import type { Laptop } from './open-laptop.ts';

/** What an example is told when it is its turn. */
export interface ExampleContext {
  readonly laptop: Laptop;
  /** Where the server answers. */
  readonly url: string;
  readonly say: (text: string) => void;
  /** Aborts when the laptop is being stopped. */
  readonly signal: AbortSignal;
}

/** A story on the loop: `examples/<name>/example.ts` exports one as `example`. */
export interface Example {
  readonly model: string;
  /** Drops the spec and the first files; called again at each start, so it must drop the same again or nothing. */
  readonly drop: (context: ExampleContext) => Promise<void>;
  /** Called once per start, when a version serves. */
  readonly whenServing: (context: ExampleContext) => Promise<void>;
}
