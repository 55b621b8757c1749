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
  publicPage('/check', {
    page: () => import('./check/page.tsx'),
    zh: () => import('./check/page.zh.ts'),
    en: () => import('./check/page.en.ts'),
  }),
  publicPage('/check/:number', {
    page: () => import('./check/page.tsx'),
    zh: () => import('./check/page.zh.ts'),
    en: () => import('./check/page.en.ts'),
  }),
  publicPage('/log', {
    page: () => import('./log/page.tsx'),
    zh: () => import('./log/page.zh.ts'),
    en: () => import('./log/page.en.ts'),
  }),
  publicPage('/stats', {
    page: () => import('./stats/page.tsx'),
    zh: () => import('./stats/page.zh.ts'),
    en: () => import('./stats/page.en.ts'),
  }),
  publicPage('/guide', {
    page: () => import('./guide/page.tsx'),
    zh: () => import('./guide/page.zh.ts'),
    en: () => import('./guide/page.en.ts'),
  }),
];
