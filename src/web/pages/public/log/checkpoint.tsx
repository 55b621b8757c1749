/** The newest checkpoint, checked here, and compared with the one that this browser saw last. */
import { useQuery } from '@tanstack/react-query';
import { toHex } from '../../../../formats/bytes.ts';
import { shortHash } from '../../../i18n/format.ts';
import { Card, Facts, Note } from '../../../kit/elements.tsx';
import { Loading } from '../../../parts/states.tsx';
import type { Text } from './page.zh.ts';
import { proveGrowth, readCheckpoint } from './prove.ts';

export function Checkpoint({ t }: { t: Text }) {
  const found = useQuery({
    queryKey: ['checkpoint'],
    queryFn: async () => {
      const checkpoint = await readCheckpoint();
      return { checkpoint, growth: await proveGrowth(checkpoint) };
    },
    retry: 1,
    enabled: typeof window !== 'undefined',
  });
  if (found.error)
    return (
      <Note tone="bad" live title={t.failed}>
        {String(found.error.message)}
      </Note>
    );
  if (!found.data) return <Loading lines={3} />;
  const { checkpoint, growth } = found.data;
  const cosigned = checkpoint.note.signatures.length - 1;
  return (
    <Card title={checkpoint.origin}>
      <div className="yg-stack">
        <Facts
          rows={[
            [t.size, checkpoint.size.toString()],
            [t.root, <code key="root">{shortHash(toHex(checkpoint.root))}</code>],
            [t.cosigned, cosigned > 0 ? cosigned : t.noWitness],
          ]}
        />
        <Note
          tone={growth === 'differs' ? 'bad' : growth === 'same' ? 'ok' : 'info'}
          title={{ first: t.consistencyFirst, same: t.consistency, differs: t.consistencyBad }[growth]}
        />
      </div>
    </Card>
  );
}
