/** What the organisation has filed on the lot, each with its receipt. */

import { utf8 } from '../../../../formats/bytes.ts';
import { useApi, useApiClient } from '../../../api/provider.tsx';
import { exactTime, shortHash } from '../../../i18n/format.ts';
import { saveFile } from '../../../keys/save-file.ts';
import { Button, Card } from '../../../kit/elements.tsx';
import { Empty, Reading } from '../../../parts/states.tsx';
import type { Text } from './page.zh.ts';

export function Acts({ t, lot, code }: { t: Text; lot: string; code: string }) {
  const api = useApiClient();
  const mine = useApi('GET /api/lots/:lot/tenders/mine', { params: { lot } });
  const save = async (manifest: string) => {
    const { receipt } = await api.read('GET /api/lots/:lot/tenders/mine/:manifest/receipt', {
      params: { lot, manifest },
    });
    saveFile(utf8(receipt), `${code}-${manifest.slice(0, 8)}.tlog-proof`, 'text/plain');
  };
  return (
    <Card title={t.acts} flush>
      <Reading of={mine}>
        {({ acts, late }) => {
          const all = [
            ...acts.map(({ act, ...rest }) => ({ ...rest, name: t.actNames[act] })),
            ...late.map((one) => ({ ...one, name: t.lateAct })),
          ];
          if (all.length === 0)
            return (
              <div className="body">
                <Empty>{t.noActs}</Empty>
              </div>
            );
          return (
            <ul className="yg-rows">
              {all.map(({ manifestSha256, at, name }) => (
                <li key={manifestSha256} className="yg-row">
                  <div className="main">
                    <p className="strong">{name}</p>
                    <p className="small muted num">
                      {exactTime(at)} · <code>{shortHash(manifestSha256)}</code>
                    </p>
                  </div>
                  <Button
                    size="small"
                    aria-label={`${t.download} ${shortHash(manifestSha256)}`}
                    onClick={() => void save(manifestSha256)}
                  >
                    {t.receipt}
                  </Button>
                </li>
              ))}
            </ul>
          );
        }}
      </Reading>
    </Card>
  );
}
