import type { Feed } from "./feed.js";

const pageLength = 256;

interface Page {
  readonly feeds: (Feed | undefined)[];
  count: number;
}

/**
 * Feeds by the numbers that the server at one address calls them. It counts up and never uses a number again,
 * so that they are in pages that go when they are empty.
 */
export class Aliases {
  readonly #pages: (Page | undefined)[] = [];

  get(alias: number): Feed | undefined {
    return this.#pages[pageOf(alias)]?.feeds[alias % pageLength];
  }

  set(alias: number, feed: Feed): void {
    const page = this.#pages[pageOf(alias)] ?? { feeds: [], count: 0 };
    this.#pages[pageOf(alias)] = page;
    if (!page.feeds[alias % pageLength]) page.count++;
    page.feeds[alias % pageLength] = feed;
  }

  /** The feed is not called so any more. */
  delete(alias: number, feed: Feed): void {
    const page = this.#pages[pageOf(alias)];
    if (page?.feeds[alias % pageLength] !== feed) return;
    page.feeds[alias % pageLength] = undefined;
    if (--page.count === 0) this.#pages[pageOf(alias)] = undefined;
  }
}

function pageOf(alias: number): number {
  return Math.floor(alias / pageLength);
}
