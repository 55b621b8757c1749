/** Work of the expert. */
import { deskPage, type PageRoute } from '../page.ts';

const members = ['expert', 'tenderer', 'agency'] as const;

export const expertPages: readonly PageRoute[] = [
  deskPage('/desk/sessions', {
    who: ['expert'],
    nav: { zh: '评标任务', en: 'Evaluations' },
    page: () => import('./sessions/page.tsx'),
    zh: () => import('./sessions/page.zh.ts'),
    en: () => import('./sessions/page.en.ts'),
  }),
  deskPage('/desk/score/:lot', {
    who: members,
    page: () => import('./score/page.tsx'),
    zh: () => import('./score/page.zh.ts'),
    en: () => import('./score/page.en.ts'),
  }),
  deskPage('/desk/report/:lot', {
    who: members,
    page: () => import('./report/page.tsx'),
    zh: () => import('./report/page.zh.ts'),
    en: () => import('./report/page.en.ts'),
  }),
  deskPage('/desk/evaluation/:lot', {
    who: ['host'],
    page: () => import('./evaluation/page.tsx'),
    zh: () => import('./evaluation/page.zh.ts'),
    en: () => import('./evaluation/page.en.ts'),
  }),
  deskPage('/desk/award/:lot', {
    who: ['tenderer', 'agency'],
    page: () => import('./award/page.tsx'),
    zh: () => import('./award/page.zh.ts'),
    en: () => import('./award/page.en.ts'),
  }),
];
