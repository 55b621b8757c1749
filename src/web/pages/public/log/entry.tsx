/** One entry: its words, its hash, and its proof computed here. */
import { useState } from 'react';
import { useApi } from '../../../api/provider.tsx';
import { grouped } from '../../../i18n/format.ts';
import { Button, Card, Facts, Note } from '../../../kit/elements.tsx';
import { Empty, Reading } from '../../../parts/states.tsx';
import type { Text } from './page.zh.ts';

export function EntryCard({ t, index }: { t: Text; index: number }) {
  const found = useApi('GET /log/entries', { query: { from: String(index), limit: 1 } });
  return (
    <Card title={t.entry(String(index))}>
      <Reading of={found}>
        {({ entries }) => {
          const entry = entries[0];
          return entry?.index === String(index) ? (
            <div className="yg-stack">
              <Facts left rows={[[t.leafHash, <code key="hash">{grouped(entry.leafSha256)}</code>]]} />
              <h3>{t.body}</h3>
              {(entry.leaf as { type?: string }).type === 'sealed' ? <p className="muted">{t.sealedHelp}</p> : null}
              <code className="yg-pre">{JSON.stringify(entry.leaf, null, 2)}</code>
              <Prove t={t} index={entry.index} leaf={entry.leaf} />
            </div>
          ) : (
            <Empty>{t.none}</Empty>
          );
        }}
      </Reading>
    </Card>
  );
}

type Proof = 'idle' | 'checking' | 'passed' | { readonly failed: string };

function Prove({ t, index, leaf }: { t: Text; index: string; leaf: unknown }) {
  const [proof, setProof] = useState<Proof>('idle');
  const check = async () => {
    setProof('checking');
    try {
      const { proveEntry } = await import('./prove.ts');
      await proveEntry(index, leaf);
      setProof('passed');
    } catch (error) {
      setProof({ failed: error instanceof Error ? error.message : String(error) });
    }
  };
  return (
    <>
      <div className="yg-actions">
        <Button kind="primary" busy={proof === 'checking'} onClick={() => void check()}>
          {proof === 'checking' ? t.checking : t.check}
        </Button>
      </div>
      {proof === 'passed' ? <Note tone="ok" live title={t.passed} /> : null}
      {typeof proof === 'object' ? (
        <Note tone="bad" live title={t.failed}>
          {proof.failed}
        </Note>
      ) : null}
    </>
  );
}
