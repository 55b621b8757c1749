/** What anybody can read. */
import { type PageRoute, publicPage } from '../page.ts';

export const publicPages: readonly PageRoute[] = [
  publicPage('/', {
    page: () => import('./home/page.tsx'),
    zh: () => import('./home/page.zh.ts'),
    en: () => import('./home/page.en.ts'),
  }),
];
