/** What a page is: a folder with `page.tsx` and its two texts, and one line in routes.ts. */
import type { ComponentType } from 'react';
import type { Api, Input, Operation } from '../api/client.ts';
import type { Role } from '../api/session.ts';
import type { Language } from '../i18n/language.ts';

export type PageProps<Text> = {
  readonly t: Text;
  /** Parameters of the path. */
  readonly params: Readonly<Record<string, string>>;
};

export type LoadContext = {
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly language: Language;
  readonly api: Api;
  /** Reads into the cache; on the server its data travel with the page. A refusal stays out of the cache and answers null. */
  prefetch<K extends Operation>(operation: K, input: Input<K>): Promise<unknown>;
};

export type Head = { readonly title: string; readonly description?: string; readonly noindex?: boolean };

export type PageModule<Text> = {
  readonly default: ComponentType<PageProps<Text>>;
  /** Reads what the first view needs; runs on the server for public pages. Answers `not-found` where its subject does not exist. */
  readonly load?: (context: LoadContext) => Promise<'not-found' | undefined>;
  /** Title and description from the text and what `load` read (operation to answer). */
  readonly head?: (t: Text, read: (operation: Operation) => unknown) => Head;
};

export type Who = 'anyone' | 'signed-in' | readonly Role[];

/** A line of the page list; texts are loaded with the page, each language as a file of its own. */
export type PageRoute = {
  /** react-router pattern without language: `/p/:code`. */
  readonly path: string;
  readonly who: Who;
  /** The light entry for the public and the halls, the desk entry (antd) for work. */
  readonly entry: 'public' | 'desk';
  /** Rendered on the server for those without JavaScript, search engines and a quick first view. */
  readonly server: boolean;
  /** `none`: the page fills the screen by itself (hall). */
  readonly shell: 'public' | 'desk' | 'none';
  /** Its line in the desk's side list; pages without one are reached from another. */
  readonly nav: { readonly zh: string; readonly en: string } | null;
  load(): Promise<PageModule<never>>;
  text(language: Language): Promise<{ readonly default: unknown }>;
};

type Options<Text> = {
  readonly who: Who;
  readonly page: () => Promise<PageModule<Text>>;
  readonly zh: () => Promise<{ readonly default: Text }>;
  readonly en: () => Promise<{ readonly default: Text }>;
  readonly shell?: 'none';
  readonly nav?: { readonly zh: string; readonly en: string };
};

const line = <Text>(path: string, entry: 'public' | 'desk', options: Options<Text>): PageRoute => ({
  path,
  who: options.who,
  entry,
  server: entry === 'public' && options.shell !== 'none',
  shell: options.shell ?? entry,
  nav: options.nav ?? null,
  load: options.page as () => Promise<PageModule<never>>,
  text: (language) => options[language](),
});

/** A public page, rendered on the server. */
export const publicPage = <Text>(path: string, options: Omit<Options<Text>, 'who' | 'nav'>): PageRoute =>
  line(path, 'public', { ...options, who: 'anyone' });
/** A page for people at work, in the desk shell. */
export const deskPage = <Text>(path: string, options: Options<Text>): PageRoute => line(path, 'desk', options);
