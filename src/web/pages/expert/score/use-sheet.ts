/** The sheet's cells with undo, kept on the server a moment after the last change. */
import { useEffect, useRef, useState } from 'react';
import type { Criterion } from '../../../../../evaluation/scheme.ts';
import type { Refusal } from '../../../api/client.ts';
import { useApiClient } from '../../../api/provider.tsx';
import type { Desk } from './desk.ts';
import { type Cells, cellName, marksOf } from './grid.ts';

const waitMilliseconds = 700;
const mostUndo = 200;

export function useSheet(desk: Desk, criteria: readonly Criterion[]) {
  const api = useApiClient();
  const [cells, setCells] = useState<Cells>(
    () => new Map((desk.draft?.marks ?? []).map(({ offer, criterion, mark }) => [cellName(offer, criterion), mark])),
  );
  const [savedAt, setSavedAt] = useState<string | null>(null);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [dirty, setDirty] = useState(false);
  const past = useRef<Cells[]>([]);
  const remarks = desk.draft?.remarks ?? [];
  const body = { marks: marksOf(cells, desk.toMark, criteria), remarks };
  const latest = useRef(body);
  latest.current = body;
  // biome-ignore lint/correctness/useExhaustiveDependencies: each change of the cells begins the wait anew
  useEffect(() => {
    if (!dirty) return;
    const timer = setTimeout(async () => {
      const sent = latest.current;
      const outcome = await api.call('PUT /api/evaluations/:lot/sheet', { params: { lot: desk.lot }, body: sent });
      setRefusal(outcome.ok ? null : outcome.refusal);
      if (!outcome.ok) return;
      setSavedAt(outcome.value.at);
      // A later change has its own wait and its own saving.
      if (sent === latest.current) setDirty(false);
    }, waitMilliseconds);
    return () => clearTimeout(timer);
  }, [cells, dirty, api, desk.lot]);
  const write = (name: string, typed: string) => {
    past.current = [...past.current.slice(-mostUndo), cells];
    setCells(new Map(cells).set(name, typed));
    setDirty(true);
  };
  const undo = () => {
    const before = past.current.pop();
    if (!before) return;
    setCells(before);
    setDirty(true);
  };
  return { cells, write, undo, body, savedAt, dirty, refusal };
}
