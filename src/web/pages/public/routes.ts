/** What anybody can read. */
import { type PageRoute, publicPage } from '../page.ts';

export const publicPages: readonly PageRoute[] = [
  publicPage('/', {
    page: () => import('./home/page.tsx'),
    zh: () => import('./home/page.zh.ts'),
    en: () => import('./home/page.en.ts'),
  }),
  publicPage('/notices', {
    page: () => import('./notices/page.tsx'),
    zh: () => import('./notices/page.zh.ts'),
    en: () => import('./notices/page.en.ts'),
  }),
  publicPage('/openings', {
    page: () => import('./openings/page.tsx'),
    zh: () => import('./openings/page.zh.ts'),
    en: () => import('./openings/page.en.ts'),
  }),
  publicPage('/results', {
    page: () => import('./results/page.tsx'),
    zh: () => import('./results/page.zh.ts'),
    en: () => import('./results/page.en.ts'),
  }),
  publicPage('/p/:code', {
    page: () => import('./project/page.tsx'),
    zh: () => import('./project/page.zh.ts'),
    en: () => import('./project/page.en.ts'),
  }),
  publicPage('/a11y', {
    page: () => import('./a11y/page.tsx'),
    zh: () => import('./a11y/page.zh.ts'),
    en: () => import('./a11y/page.en.ts'),
  }),
];
